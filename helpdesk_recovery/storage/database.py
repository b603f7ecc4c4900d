"""One door to two databases: a piece of work is a plain function of a Connection, run in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from sqlalchemy import URL, Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError

from helpdesk_recovery.errors import ConfigurationInvalid
from helpdesk_recovery.storage.sqlite import SqliteDatabase

T = TypeVar("T")

Conflict = IntegrityError
"""Another transaction inserted the same row first."""


class Database(Protocol):
    """Runs work in transactions; raises StoreUnavailable when the database is down, full or behind."""

    dialect: str

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run *work* in one transaction; return what it returns once that is durable."""
        ...

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run *work* in one read-only transaction."""
        ...

    async def close(self) -> None:
        """Finish what is under way and let go."""
        ...


def open_database(url: str) -> Database:
    """Open ``sqlite:///path`` or ``postgresql://user@host/name``; nothing is read or written yet."""
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "sqlite" and parsed.database:
        return SqliteDatabase(parsed.database)
    if backend == "postgresql":
        return _postgres(parsed)
    raise ConfigurationInvalid(
        f"HELPDESK_RECOVERY_DATABASE_URL names {backend!r}: use sqlite:///path/to/file or postgresql://…"
    )


def _postgres(url: URL) -> Database:
    try:
        from helpdesk_recovery.storage.postgres import PostgresDatabase
    except ModuleNotFoundError as error:
        raise ConfigurationInvalid(
            f"PostgreSQL needs {error.name}: pip install 'helpdesk-recovery[postgres]'"
        ) from None
    return PostgresDatabase(url)
