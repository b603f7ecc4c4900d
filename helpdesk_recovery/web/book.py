"""The connections as the door sees them: a snapshot, at most a second old."""

from __future__ import annotations

import asyncio
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
        self._reading: asyncio.Task[None] | None = None

    async def find(self, helpdesk: str, name: str) -> Connection | None:
        """Return the connection, or None; while the database is away the last snapshot serves."""
        age = time.monotonic() - self._read_at
        known = self._known.get((helpdesk, name))
        if age > _FRESH_SECONDS or (known is None and age > _MISS_SECONDS):
            await self._read()
            known = self._known.get((helpdesk, name))
        return known

    async def _read(self) -> None:
        """Read anew, once for everybody who is waiting; a caller who gives up does not stop the others' read."""
        if self._reading is None:
            self._reading = asyncio.create_task(self._refresh())
        await asyncio.shield(self._reading)

    async def _refresh(self) -> None:
        asked_at = time.monotonic()
        try:
            everything = await self._services.database.read(
                lambda sql: connections.everything(sql, self._services.sealer)
            )
            self._known = {(one.helpdesk, one.name): one for one in everything}
        except StoreUnavailable:
            if not self._known:
                raise
        finally:
            self._reading = None
        self._read_at = asked_at
