"""The connections as the door sees them: a snapshot, at most a second old."""

from __future__ import annotations

import time

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.errors import StoreUnavailable
from helpdesk_recovery.storage import connections

_FRESH_SECONDS = 1.0
_MISS_SECONDS = 0.2


class ConnectionBook:
    """Looks connections up by (helpdesk, name) without asking the database each time."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._known: dict[tuple[str, str], Connection] = {}
        self._read_at = float("-inf")

    async def find(self, helpdesk: str, name: str) -> Connection | None:
        """Return the connection, or None; while the database is away the last snapshot serves."""
        age = time.monotonic() - self._read_at
        known = self._known.get((helpdesk, name))
        if age > _FRESH_SECONDS or (known is None and age > _MISS_SECONDS):
            await self._read()
            known = self._known.get((helpdesk, name))
        return known

    async def _read(self) -> None:
        self._read_at = time.monotonic()  # first, so that a crowd of requests reads once
        try:
            everything = await self._services.database.read(
                lambda sql: connections.everything(sql, self._services.sealer)
            )
        except StoreUnavailable:
            if self._known:
                return
            self._read_at = float("-inf")
            raise
        self._known = {(one.helpdesk, one.name): one for one in everything}
