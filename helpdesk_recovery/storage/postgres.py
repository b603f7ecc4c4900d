"""PostgreSQL: the same functions of a Connection, run through asyncpg."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import asyncpg
from sqlalchemy import URL, Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.util import await_only, greenlet_spawn

from helpdesk_recovery.errors import StoreUnavailable
from helpdesk_recovery.storage import codec

__all__ = ["PostgresDatabase", "asyncpg_dsn", "await_only"]

T = TypeVar("T")
_POOL = 12
_POOL_WAIT_SECONDS = 5.0


class PostgresDatabase:
    """A database on a PostgreSQL server, READ COMMITTED; at most 12 connections a process."""

    dialect = "postgresql"

    def __init__(self, url: URL) -> None:
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)

        async def connect() -> Any:
            return await asyncpg.connect(dsn)  # reads ?sslmode= and the like by itself, as the engine does

        self._engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=connect,
            json_serializer=codec.to_text,
            pool_size=_POOL,
            max_overflow=0,  # a connection beyond the pool would be opened anew each time
            pool_use_lifo=True,  # few connections work hard, and know the statements
            pool_timeout=_POOL_WAIT_SECONDS,
        )

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run *work* in a transaction of its own."""
        try:
            result: T = await greenlet_spawn(self._begin, work)
            return result
        except (DBAPIError, PoolTimeout, OSError) as error:
            raise _unavailable(error) from error

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run *work* in one transaction that sees one state."""
        return await self.write(work)

    def _begin(self, work: Callable[[Connection], T]) -> T:
        with self._engine.sync_engine.begin() as connection:
            return work(connection)

    async def close(self) -> None:
        """Close the pool."""
        await self._engine.dispose()


def _unavailable(error: BaseException) -> BaseException:
    """Say that the server is away, when that is it; anything else is our own mistake and stays."""
    if isinstance(error, DBAPIError) and not _is_away(error):
        return error
    return StoreUnavailable(f"PostgreSQL: {error}", reason="postgres")


def _is_away(error: DBAPIError) -> bool:
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)


def asyncpg_dsn(url: str) -> str:
    """Return *url* as asyncpg takes it, without SQLAlchemy's driver name."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
