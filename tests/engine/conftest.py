"""An engine on each of the two databases, and what the tests watch it with."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.util import await_only

from helpdesk_recovery.engine.in_process import InProcessEngine
from helpdesk_recovery.engine.pgqueuer import PgqueuerEngine
from helpdesk_recovery.engine.port import Engine, Handler, Job
from helpdesk_recovery.storage.database import Database, open_database
from helpdesk_recovery.storage.jobs import JobTable, jobs

_PATIENCE_SECONDS = 20.0


@dataclass
class Place:
    """A prepared database, and engines on it; ``url`` is what another process would be given."""

    url: str
    database: Database

    def engine(self, lease: timedelta = timedelta(seconds=5)) -> Engine:
        if self.database.dialect == "sqlite":
            return InProcessEngine(JobTable(self.database), lease=lease)
        return PgqueuerEngine(self.url, await_only=await_only, lease=lease)

    async def enqueue(self, *waiting: Job) -> None:
        """Commit *waiting* in one transaction, as a process that runs no engine does."""
        engine = self.engine()
        await self.database.write(partial(_enqueue_all, engine, waiting))

    async def idle(self) -> None:
        """Wait, less than a lease, until all results have been handed in."""
        waiting = text("SELECT count(*) FROM " + ("jobs" if self.database.dialect == "sqlite" else "pgqueuer"))
        async with asyncio.timeout(4):
            while await self.database.read(lambda connection: connection.scalar(waiting)):
                pass


def _enqueue_all(engine: Engine, waiting: tuple[Job, ...], connection: Connection) -> None:
    for job in waiting:
        engine.enqueue(connection, job)


class Seen:
    """A handler that remembers, and lets a test wait for what it should remember."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self._changed = asyncio.Condition()

    async def __call__(self, job: Job) -> None:
        await self.add(*job.ids)

    async def add(self, *ids: str) -> None:
        async with self._changed:
            self.ids.extend(ids)
            self._changed.notify_all()

    async def until(self, *ids: str, seconds: float = _PATIENCE_SECONDS) -> None:
        """Wait until each of *ids* was seen."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(lambda: set(ids) <= set(self.ids))


@dataclass
class Worker:
    """Another process that runs an engine; it holds every job that it starts until told to go on."""

    process: asyncio.subprocess.Process

    async def says(self) -> str:
        assert self.process.stdout is not None
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return (await self.process.stdout.readline()).decode().strip()

    async def go_on(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"go on\n")
        await self.process.stdin.drain()

    async def ended(self) -> int:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            return await self.process.wait()


Running = Callable[..., AbstractAsyncContextManager[None]]
StartWorker = Callable[..., Awaitable[Worker]]


@pytest.fixture(params=["sqlite", "postgresql"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'engine.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
    async with _open(url) as opened:
        yield opened


@pytest.fixture
async def on_sqlite(tmp_path: Path) -> AsyncIterator[Place]:
    async with _open(f"sqlite:///{tmp_path / 'engine.db'}") as opened:
        yield opened


@pytest.fixture
async def on_postgres(postgres_url: str) -> AsyncIterator[Place]:
    async with _open(postgres_url) as opened:
        yield opened


@asynccontextmanager
async def _open(url: str) -> AsyncIterator[Place]:
    database = open_database(url)
    opened = Place(url, database)

    def create(connection: Connection) -> None:
        jobs.create(connection)

    await database.write(create)
    await opened.engine().prepare()
    yield opened
    await database.close()


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def running() -> Running:
    """Run an engine as long as the block lasts; leaving it drains."""

    @asynccontextmanager
    async def run(engine: Engine, handler: Handler, *, concurrency: int = 1) -> AsyncIterator[None]:
        task = asyncio.create_task(engine.run(handler, concurrency=concurrency))
        try:
            yield
        finally:
            engine.stop()
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await task

    return run


@pytest.fixture
async def start_process() -> AsyncIterator[StartWorker]:
    """Start workers on a URL, with more environment if wanted; none outlives the test."""
    started: list[Worker] = []

    async def start(url: str, concurrency: int = 1, lease: float = 5.0, **environment: str) -> Worker:
        path = os.pathsep.join(filter(None, sys.path))
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(Path(__file__).with_name("worker_process.py")),
            *(url, str(concurrency), str(lease)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, **environment, "PYTHONPATH": path},
        )
        started.append(Worker(process))
        return started[-1]

    yield start
    for worker in started:
        if worker.process.returncode is None:
            worker.process.kill()
        await worker.process.communicate()


@pytest.fixture
def start_worker(place: Place, start_process: StartWorker) -> StartWorker:
    return partial(start_process, place.url)
