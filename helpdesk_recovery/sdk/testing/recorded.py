"""Recorded deliveries: an HTTP message in a file, and beside it what it must be read as.

``<name>.http`` holds header lines, an empty line and the exact body. ``<name>.expected.json`` holds the golden
result; the environment variable ``UPDATE_GOLDEN=1`` rewrites it.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from helpdesk_recovery.domain.delivery import Delivery, Headers, Ignored
from helpdesk_recovery.domain.ticket import TicketEvent


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recorded delivery; ``name`` is the file's without its ending, header names are lower case."""

    path: Path
    name: str
    headers: Headers
    body: bytes

    def delivery(self, connection: str, received_at: datetime) -> Delivery:
        """Return it as it would arrive at *connection*."""
        return Delivery(connection, self.headers, self.body, received_at)


def read_delivery(path: Path) -> Recorded:
    """Read one ``.http`` file; lines may end in LF or CRLF, the body is kept to the byte."""
    raw = path.read_bytes()
    end = b"\r\n\r\n" if b"\r\n\r\n" in raw else b"\n\n"
    head, separator, body = raw.partition(end)
    if not separator:
        raise ValueError(f"{path}: there must be an empty line between the headers and the body")
    pairs = [line.partition(":") for line in head.decode("utf-8").splitlines()]
    headers = tuple((name.strip().lower(), value.strip()) for name, _, value in pairs)
    return Recorded(path, path.stem, headers, body)


def recorded_deliveries(folder: Path) -> list[Recorded]:
    """Read every ``.http`` file of *folder*, by name."""
    return [read_delivery(path) for path in sorted(folder.glob("*.http"))]


def as_json(result: TicketEvent | Ignored) -> dict[str, Any]:
    """Return *result* as plain JSON values under the key ``event`` or ``ignored``."""
    key = "ignored" if isinstance(result, Ignored) else "event"
    return {key: _plain(result)}


def golden(recorded: Recorded, result: TicketEvent | Ignored) -> Any:
    """Return the golden result of *recorded*; with UPDATE_GOLDEN=1 write *result* there first."""
    path = recorded.path.with_suffix(".expected.json")
    if os.environ.get("UPDATE_GOLDEN") == "1":
        path.write_text(json.dumps(as_json(result), ensure_ascii=False, indent=2) + "\n", "utf-8")
    return json.loads(path.read_text("utf-8"))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in sorted(value.items())}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value
