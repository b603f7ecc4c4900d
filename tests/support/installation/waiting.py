"""Waiting for something to become true, never for time to pass."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")
_TICK_SECONDS = 0.05
_NEVER = threading.Event()


def until(condition: Callable[[], Found], seconds: float, what: str) -> Found:
    """Ask *condition* again and again and return its first true answer; fail after *seconds*, naming *what*."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} seconds: {what}")
        pause(_TICK_SECONDS)
    return found


def pause(seconds: float) -> None:
    """Let *seconds* pass: between two questions, or until a moment of a fault that was drawn by lot."""
    _NEVER.wait(seconds)
