"""Which workers are alive. A case is leased by a worker, and free again when that worker falls silent."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, update

from helpdesk_recovery.storage.tables import workers

LEASE = timedelta(seconds=5)
HEARTBEAT_SECONDS = 1.0
_FORGET_AFTER = timedelta(days=1)


def register(connection: Connection, worker: str, now: datetime) -> None:
    """Announce a new worker, and forget those that are long gone."""
    connection.execute(delete(workers).where(workers.c.seen_at < now - _FORGET_AFTER))
    connection.execute(insert(workers).values(id=worker, started_at=now, seen_at=now))


def beat(connection: Connection, worker: str, now: datetime) -> None:
    """Say that *worker* is alive."""
    connection.execute(update(workers).where(workers.c.id == worker).values(seen_at=now))


def leave(connection: Connection, worker: str) -> None:
    """Say goodbye: what this worker leased is free at once."""
    connection.execute(delete(workers).where(workers.c.id == worker))
