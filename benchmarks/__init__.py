"""Every speed claim of the project, side by side with its peer."""
