"""An installation of the real commands, for tests that start, kill and stop it."""
