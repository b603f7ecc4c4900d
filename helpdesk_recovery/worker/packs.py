"""The policy packs of connections, loaded once."""

from __future__ import annotations

from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.policy.document import Pack
from helpdesk_recovery.policy.load import find_pack


class Packs:
    """Loads each pack on first use; a changed file is read at the next start."""

    def __init__(self) -> None:
        self._loaded: dict[str, Pack] = {}

    def of(self, connection: Connection) -> tuple[Pack, ...]:
        """Return the packs that are live for *connection*, in their order; raise PolicyInvalid."""
        for name in connection.policies:
            if name not in self._loaded:
                self._loaded[name] = find_pack(name)
        return tuple(self._loaded[name] for name in connection.policies)
