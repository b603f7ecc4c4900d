"""Secrets come from the environment or from a file that it names, never from the command line."""

from __future__ import annotations

import os

from helpdesk_recovery.settings import read_named


def from_environment(variable: str) -> str:
    """Return what *variable* holds, or the content of the file that *variable*_FILE names; empty without either."""
    return (read_named(os.environ, variable) or "") if variable else ""
