"""Waiting for something to become true, never for time to pass."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
_NEVER = threading.Event()


def until(condition: Callable[[], Found], seconds: float, what: str, *, every: float = 0.05) -> Found:
    """Ask *condition* again and again and return its first true answer; fail after *seconds*, naming *what*."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} seconds: {what}")
        pause(every)
    return found


def pause(seconds: float) -> None:
    """Let *seconds* pass: between two questions, or until a moment of a fault that was drawn by lot."""
    _NEVER.wait(seconds)
