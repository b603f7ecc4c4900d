"""Alembic migrations, forward only; a test compares their result with the tables."""
