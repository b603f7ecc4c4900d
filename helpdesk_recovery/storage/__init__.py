"""Rows in, nouns out: tables, and Core functions of a Connection that are the same on SQLite and PostgreSQL."""
