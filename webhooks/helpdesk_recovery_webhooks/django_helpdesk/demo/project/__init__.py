"""The Django project that the demonstration runs; imported by its own processes only."""
