"""Open helpdesks, one per connection, kept while the connection stays as it is."""

from __future__ import annotations

from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.pipeline.ports import Desk
from helpdesk_recovery.plugins import Plugins


class Desks:
    """Opens a desk on first use and again after its connection changed."""

    def __init__(self, plugins: Plugins) -> None:
        self._plugins = plugins
        self._open: dict[str, tuple[Connection, Desk]] = {}

    async def desk(self, connection: Connection) -> Desk:
        """Return the desk of *connection*."""
        known = self._open.get(connection.id)
        if known is not None and known[0] == connection:
            return known[1]
        desk = self._plugins.helpdesk(connection.helpdesk).open(connection)
        self._open[connection.id] = (connection, desk)
        return desk

    async def close(self) -> None:
        """Close every desk."""
        for _, desk in self._open.values():
            await desk.close()
        self._open.clear()
