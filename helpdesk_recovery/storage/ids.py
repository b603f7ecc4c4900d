"""Ids that sort by the time they were made."""

from __future__ import annotations

import os
import time
from datetime import datetime


def new_id(prefix: str) -> str:
    """Return a new id such as ``case_018f3a…``: milliseconds in hex, then 64 random bits."""
    return f"{prefix}_{time.time_ns() // 1_000_000:012x}{os.urandom(8).hex()}"


def first_id_at(prefix: str, moment: datetime) -> str:
    """Return what every id made at *moment* or later is at least; earlier ones sort before it."""
    return f"{prefix}_{int(moment.timestamp() * 1000):012x}"
