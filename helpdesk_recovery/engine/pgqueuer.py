"""The engine for many machines: pgqueuer on the PostgreSQL that holds our own tables."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import asyncpg
from pgqueuer import AsyncpgDriver, QueueManager
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Job as Row
from pgqueuer.domain.types import Channel

from helpdesk_recovery.engine.failure import after_failure, report
from helpdesk_recovery.engine.pgqueuer_jobs import ENTRYPOINT, ListeningDriver, claiming_queries, insert, read
from helpdesk_recovery.engine.pgqueuer_schema import SETTINGS, install, prune
from helpdesk_recovery.engine.port import Handler, Job

LEASE = timedelta(seconds=5)
POLL = timedelta(seconds=1)
_RECONNECT = timedelta(seconds=1)
_PRUNE_SECONDS = 300.0
_CLOSE_SECONDS = 5.0
_CONNECTIONS = 4
_LOST = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, OSError)

AwaitOnly = Callable[[Awaitable[Any]], Any]


class PgqueuerEngine:
    """Implements ``Engine``; *url* is ``postgresql://…``, *await_only* is SQLAlchemy's.

    It opens at most four connections of its own while it runs, and none to enqueue.
    """

    def __init__(self, url: str, *, await_only: AwaitOnly, lease: timedelta = LEASE) -> None:
        self._url = url.replace("postgresql+asyncpg:", "postgresql:", 1)
        self._await_only = await_only
        self._lease = lease
        self._stopped = asyncio.Event()
        self._manager: QueueManager | None = None
        self._handling: set[asyncio.Task[Any]] = set()

    async def prepare(self) -> None:
        """Create or upgrade pgqueuer's tables."""
        connection = await asyncpg.connect(self._url)
        try:
            await install(AsyncpgDriver(connection))
        finally:
            await connection.close()

    def enqueue(self, connection: Any, job: Job) -> None:
        """Insert *job* in the caller's transaction; *connection* is inside ``run_sync``."""
        raw = connection.connection.driver_connection
        if not raw.is_in_transaction():  # SQLAlchemy begins with its first statement; ours must not precede it
            connection.exec_driver_sql("SELECT 1")
        self._await_only(insert(AsyncpgDriver(raw), job))

    def wake(self) -> None:
        """Do nothing: PostgreSQL notifies every worker of the commit."""

    def stop(self) -> None:
        """Take no new jobs; ``run`` returns when those under way are done."""
        self._stopped.set()
        if self._manager is not None:
            self._manager.shutdown.set()

    async def run(self, handler: Handler, *, concurrency: int) -> None:
        """Work until ``stop``, over lost connections. Cancelling it gives unfinished jobs back at once."""
        logging.getLogger("pgqueuer").setLevel(logging.WARNING)  # below that it tells of every job
        while not self._stopped.is_set():
            try:
                async with self._open() as driver:
                    await self._serve(driver, handler, concurrency)
            except Exception as error:
                report("the engine", error, _RECONNECT)
                with suppress(TimeoutError):
                    async with asyncio.timeout(_RECONNECT.total_seconds()):
                        await self._stopped.wait()

    @asynccontextmanager
    async def _open(self) -> AsyncIterator[ListeningDriver]:
        pool = await asyncpg.create_pool(self._url, min_size=2, max_size=_CONNECTIONS)
        driver = ListeningDriver(pool)
        pruning = asyncio.create_task(_keep_pruned(driver))
        try:
            yield driver
        finally:
            pruning.cancel()
            try:
                await asyncio.wait_for(pool.close(), _CLOSE_SECONDS)
            except (TimeoutError, *_LOST):
                pool.terminate()

    async def _serve(self, driver: ListeningDriver, handler: Handler, concurrency: int) -> None:
        # A job that is stuck in our hands is freed by starting over: under a new name its heartbeat is missed.
        queries = claiming_queries(driver, concurrency, on_stuck=lambda: manager.shutdown.set())
        manager = QueueManager(queries, Channel(SETTINGS.channel))
        manager.entrypoint(ENTRYPOINT)(self._worker(handler))
        self._manager = manager
        if self._stopped.is_set():
            return
        batch = max(1, concurrency // 2)
        running = asyncio.create_task(
            manager.run(
                dequeue_timeout=POLL,
                batch_size=batch,
                max_concurrent_tasks=2 * batch,
                heartbeat_timeout=self._lease,
                shutdown_on_listener_failure=True,
                log_aggregation_interval=timedelta(),
            )
        )
        try:
            await asyncio.shield(running)
        except asyncio.CancelledError:
            self.stop()
            for task in self._handling:
                task.cancel()
            await asyncio.wait({running})
            raise

    def _worker(self, handler: Handler) -> Callable[[Row], Awaitable[None]]:
        async def work(row: Row) -> None:
            if self._stopped.is_set():  # it was being claimed when we stopped
                raise RetryRequested
            task = asyncio.current_task()
            assert task is not None  # noqa: S101
            self._handling.add(task)
            pause = await _attempt(handler, row)
            self._handling.discard(task)
            if pause is not None:
                raise RetryRequested(pause)

        return work


async def _attempt(handler: Handler, row: Row) -> timedelta | None:
    """Handle *row*; return the pause before it comes back, or None when it is done."""
    kind = "unreadable"
    try:
        job = read(row)
        kind = job.kind
        await handler(job)
    except (Exception, asyncio.CancelledError) as error:
        return after_failure(kind, error, row.attempts + 1)
    return None


async def _keep_pruned(driver: ListeningDriver) -> None:
    while True:
        with suppress(*_LOST, asyncpg.PostgresError):
            await prune(driver)
        await asyncio.sleep(_PRUNE_SECONDS)
