"""A webhook delivery as it arrived, and why one is left alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Raw bytes and headers of one webhook call.

    Header names are lower case, in the order sent, doubles kept. ``id`` is ours, empty before storing.
    ``received_at`` is UTC.
    """

    connection: str
    headers: Headers
    body: bytes
    received_at: datetime
    id: str = ""

    def headers_named(self, name: str) -> tuple[str, ...]:
        """Return every value sent under *name* (lower case)."""
        return tuple(value for key, value in self.headers if key == name)

    def header(self, name: str) -> str | None:
        """Return the first value sent under *name* (lower case), or None."""
        return next(iter(self.headers_named(name)), None)


@dataclass(frozen=True, slots=True)
class Ignored:
    """We understood the delivery and leave it alone; ``reason`` is for people, ``code`` for counting."""

    code: str
    reason: str
