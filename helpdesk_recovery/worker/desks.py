"""Open helpdesks, one per connection, kept while the connection stays as it is."""

from __future__ import annotations

from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.pipeline.ports import Desk
from helpdesk_recovery.plugins import Plugins


class Desks:
    """Opens a desk on first use and again after its connection changed.

    A replaced desk is closed at the end, not at once: another ticket may be talking through it.
    """

    def __init__(self, plugins: Plugins) -> None:
        self._plugins = plugins
        self._open: dict[str, tuple[Connection, Desk]] = {}
        self._replaced: list[Desk] = []

    def desk(self, connection: Connection) -> Desk:
        """Return the desk of *connection*."""
        known = self._open.get(connection.id)
        if known is not None:
            if known[0] == connection:
                return known[1]
            self._replaced.append(known[1])
        desk = self._plugins.helpdesk(connection.helpdesk).open(connection)
        self._open[connection.id] = (connection, desk)
        return desk

    async def close(self) -> None:
        """Close every desk."""
        for desk in (*self._replaced, *(desk for _, desk in self._open.values())):
            await desk.close()
        self._open.clear()
        self._replaced.clear()
