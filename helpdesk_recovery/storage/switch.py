"""The kill switch of the installation: while it is set, nothing is written to any helpdesk."""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select

from helpdesk_recovery.storage.tables import installation

_KEY = "effects_paused"
_WHY = select(installation.c.value).where(installation.c.key == _KEY)


def pause(connection: Connection, why: str) -> None:
    """Stop all writing at once; reading, deciding and reconciling go on."""
    resume(connection)
    connection.execute(insert(installation).values(key=_KEY, value=why))


def resume(connection: Connection) -> None:
    """Let writing go on."""
    connection.execute(delete(installation).where(installation.c.key == _KEY))


def is_paused(connection: Connection) -> bool:
    """Tell whether writing is stopped."""
    return why(connection) is not None


def why(connection: Connection) -> str | None:
    """Return why writing is stopped, or None when it is not."""
    found: str | None = connection.execute(_WHY).scalar()
    return found


def forget(connection: Connection) -> None:
    """Empty what is known of the installation itself, such as what ``doctor`` writes to see whether it can."""
    connection.execute(delete(installation))
