"""SQLite: one writer thread, group commit, a savepoint an item; readers beside it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from helpdesk_recovery.errors import StoreUnavailable
from helpdesk_recovery.storage import codec

T = TypeVar("T")
Work = Callable[[Connection], Any]
Result = tuple[Any, BaseException | None]

MAX_WAITING = 4096
MAX_BATCH = 256
_BUSY_MILLISECONDS = 5000
_CHECKPOINT_PAGES = 4000
"""How long the write-ahead log grows (16 MB): pages that many commits touch are copied into the database once."""
_CACHE_KIBIBYTES = 32 * 1024


class SqliteDatabase:
    """A database in one file: WAL, ``synchronous=FULL``, ``BEGIN IMMEDIATE``."""

    dialect = "sqlite"

    def __init__(self, path: str) -> None:
        _make_private(Path(path))
        self._writing = _engine(path, begin="BEGIN IMMEDIATE")
        self._reading = _engine(path, begin="BEGIN")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="sqlite-writer")
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="sqlite-reader")
        self._waiting: list[tuple[Work, asyncio.Future[Any]]] = []
        self._busy = False
        self._closed = False

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Queue *work* for the next group commit and wait until it is durable."""
        if self._closed:
            raise StoreUnavailable("the database is closed", reason="closed")
        if len(self._waiting) >= MAX_WAITING:
            raise StoreUnavailable("the database is behind", reason="behind")
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._waiting.append((work, done))
        if not self._busy:
            self._busy = True
            loop.call_soon(self._next, loop)
        return await done

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run *work* on a reader beside the writer; it sees the last commit."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._readers, _read, self._reading, work)

    async def close(self) -> None:
        """Finish queued work and close the file."""
        while self._busy:
            await asyncio.gather(*(done for _, done in self._waiting), return_exceptions=True)
            await asyncio.sleep(0)
        self._closed = True
        self._writer.shutdown(wait=True)
        self._readers.shutdown(wait=True)
        self._writing.dispose()
        self._reading.dispose()

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
        works = [work for work, _ in batch]
        running = loop.run_in_executor(self._writer, _commit_together, self._writing, works)
        running.add_done_callback(lambda results: self._settle(loop, batch, results))

    def _settle(
        self,
        loop: asyncio.AbstractEventLoop,
        batch: list[tuple[Work, asyncio.Future[Any]]],
        running: asyncio.Future[list[Result]],
    ) -> None:
        error = running.exception()
        results = [(None, error)] * len(batch) if error else running.result()
        for (_, done), (value, failure) in zip(batch, results, strict=True):
            if not done.done():
                done.set_exception(failure) if failure else done.set_result(value)
        if self._waiting:
            self._next(loop)
        else:
            self._busy = False


def _make_private(path: Path) -> None:
    """Create the file readable by its owner alone: it holds customers' texts. SQLite's side files follow its mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _engine(path: str, *, begin: str) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}",
        json_serializer=codec.to_text,
        connect_args={"isolation_level": None, "check_same_thread": False},
        poolclass=QueuePool,
        pool_size=2,
    )

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        _pragmas(connection)

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _pragmas(connection: Any) -> None:
    """Set up a new connection; the switch to WAL can fail without an error, so its answer is read."""
    connection.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
    mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
    if mode != "wal":
        raise StoreUnavailable(f"SQLite stayed in journal mode {mode!r} instead of WAL", reason="journal")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"PRAGMA wal_autocheckpoint={_CHECKPOINT_PAGES}")
    connection.execute(f"PRAGMA cache_size=-{_CACHE_KIBIBYTES}")
    connection.execute("PRAGMA temp_store=MEMORY")  # else every savepoint makes a file
    connection.execute("PRAGMA foreign_keys=ON")


def _read(engine: Engine, work: Callable[[Connection], T]) -> T:
    try:
        with engine.connect() as connection:
            return work(connection)
    except DBAPIError as error:
        raise _unavailable(error) from error


def _commit_together(engine: Engine, works: list[Work]) -> list[Result]:
    """Run all *works* in one transaction; one that fails is undone alone and the others stay."""
    if len(works) == 1:
        return [_alone(engine, works[0])]
    try:
        with engine.connect() as connection, connection.begin():
            results = [_one(connection, work) for work in works]
            _still_open(connection)
            return results
    except DBAPIError as error:
        raise _unavailable(error) from error


def _alone(engine: Engine, work: Work) -> Result:
    """Without a neighbour no savepoint is needed: the transaction itself is undone."""
    try:
        with engine.connect() as connection, connection.begin():
            result = work(connection)
            _still_open(connection)
            return result, None
    except DBAPIError as error:
        return None, _unavailable(error)
    except Exception as error:
        return None, error


def _still_open(connection: Connection) -> None:
    """A full disk or an I/O error can make SQLite end the transaction by itself; a commit would then be a lie."""
    if not connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
        raise StoreUnavailable("SQLite gave the transaction up", reason="sqlite")


def _one(connection: Connection, work: Work) -> Result:
    try:
        with connection.begin_nested():
            return work(connection), None
    except DBAPIError as error:
        return None, _unavailable(error)
    except Exception as error:
        return None, error


def _unavailable(error: DBAPIError) -> BaseException:
    """A full disk, a lock or an I/O error is the store's state; anything else is our own mistake and stays."""
    away = type(error.orig).__name__ in ("OperationalError", "DatabaseError")  # the latter: not an SQLite file
    return StoreUnavailable(f"SQLite: {error.orig}", reason="sqlite") if away else error
