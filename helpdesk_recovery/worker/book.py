"""Connections as the worker knows them: read again after a second, so that a change holds soon."""

from __future__ import annotations

import asyncio
import time

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.errors import NotFound
from helpdesk_recovery.storage import connections

_FRESH_SECONDS = 1.0


class ConnectionBook:
    """Looks connections up by id. Whether one may write now is read again where each effect is claimed."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._known: dict[str, Connection] = {}
        self._read_at = float("-inf")
        self._reading = asyncio.Lock()

    async def get(self, connection_id: str) -> Connection:
        """Return the connection; raise NotFound when it was removed."""
        found = await self.find(connection_id)
        if found is None:
            raise NotFound("The connection was removed.")
        return found

    async def find(self, connection_id: str) -> Connection | None:
        """Return the connection, or None when it was removed."""
        if self._is_stale(connection_id):
            async with self._reading:  # who waited here finds it read
                if self._is_stale(connection_id):
                    await self._read()
        return self._known.get(connection_id)

    def _is_stale(self, connection_id: str) -> bool:
        return connection_id not in self._known or time.monotonic() - self._read_at > _FRESH_SECONDS

    async def _read(self) -> None:
        everything = await self._services.database.read(lambda sql: connections.everything(sql, self._services.sealer))
        self._known = {one.id: one for one in everything}
        self._read_at = time.monotonic()
