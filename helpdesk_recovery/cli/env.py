"""Secrets come from the environment or from a file that it names, never from the command line."""

from __future__ import annotations

import os
from pathlib import Path

from helpdesk_recovery.errors import ConfigurationInvalid


def from_environment(variable: str) -> str:
    """Return what *variable* holds, or the content of the file that *variable*_FILE names; empty without either."""
    if not variable:
        return ""
    if value := os.environ.get(variable, "").strip():
        return value
    path = os.environ.get(f"{variable}_FILE")
    try:
        return Path(path).read_text("utf-8").strip() if path else ""
    except OSError as error:
        raise ConfigurationInvalid(f"{variable}_FILE names {path}, which cannot be read: {error.strerror}.") from None
