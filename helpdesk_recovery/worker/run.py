"""Run a worker: heartbeat, engine, polls and housekeeping, until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Iterable

from helpdesk_recovery.bootstrap import CASES, DELIVERIES, Services
from helpdesk_recovery.engine.port import Job
from helpdesk_recovery.errors import RecoveryError
from helpdesk_recovery.storage import workers
from helpdesk_recovery.storage.ids import new_id
from helpdesk_recovery.telemetry import log
from helpdesk_recovery.worker.advance import advance
from helpdesk_recovery.worker.bench import Bench
from helpdesk_recovery.worker.housekeeping import forget, sweep
from helpdesk_recovery.worker.intake import take_in
from helpdesk_recovery.worker.poll import poll_due
from helpdesk_recovery.worker.warm import warm_up

AT_ONCE = 256
JOBS_AT_ONCE = 32
DRAIN_SECONDS = 10.0
_POLL_EVERY = 1.0
_SWEEP_EVERY = 10.0
_FORGET_EVERY = 3600.0


class Worker:
    """One worker of this process. ``run`` returns after ``stop`` when everything in hand is done."""

    def __init__(self, services: Services) -> None:
        self.id = new_id(f"worker_{socket.gethostname()}_{os.getpid()}")
        self._services = services
        self._bench = Bench(services, self.id)
        self._limit = asyncio.Semaphore(AT_ONCE)
        self._stopping = asyncio.Event()
        self._warming: asyncio.Task[None] | None = None

    def stop(self) -> None:
        """Take no new work."""
        self._stopping.set()
        self._services.engine.stop()

    async def run(self) -> None:
        """Work until stopped; leases end with it."""
        services = self._services
        await services.database.write(lambda sql: workers.register(sql, self.id, services.clock()))
        log().info("worker started", worker=self.id)
        chores = [asyncio.create_task(self._every(seconds, chore)) for seconds, chore in self._chores()]
        try:
            await services.engine.run(self._handle, concurrency=JOBS_AT_ONCE)
        finally:
            for chore in chores:
                chore.cancel()
            await asyncio.gather(*chores, return_exceptions=True)
            await self._bench.close()
            await services.database.write(lambda sql: workers.leave(sql, self.id))
            log().info("worker stopped", worker=self.id)

    def _chores(self) -> Iterable[tuple[float, Callable[[], Awaitable[None]]]]:
        yield workers.HEARTBEAT_SECONDS, self._beat
        yield _POLL_EVERY, lambda: poll_due(self._bench, self.advance_all)
        yield _SWEEP_EVERY, lambda: sweep(self._services, self.id, self._handle)
        yield _FORGET_EVERY, lambda: forget(self._services)

    async def _every(self, seconds: float, chore: Callable[[], Awaitable[None]]) -> None:
        while not self._stopping.is_set():
            try:
                await chore()
            except RecoveryError as error:
                log().warning("chore failed", reason=error.reason, error=type(error).__name__)
            except Exception as error:
                log().error("chore failed", reason="defect", error=type(error).__name__)
            try:
                async with asyncio.timeout(seconds):
                    await self._stopping.wait()
            except TimeoutError:
                continue

    async def _beat(self) -> None:
        await self._services.database.write(lambda sql: workers.beat(sql, self.id, self._services.clock()))

    async def _handle(self, job: Job) -> None:
        """Do one job of the engine: both kinds end in cases being advanced."""
        if job.kind == DELIVERIES:
            await self.advance_all(await take_in(self._bench, job.ids))
        elif job.kind == CASES:
            await self.advance_all(job.ids)

    async def advance_all(self, case_ids: Iterable[str]) -> None:
        """Advance these cases, several at once; one that fails does not keep the others back."""
        wanted = list(case_ids)
        if wanted:
            await self._be_warm()
        results = await asyncio.gather(*map(self._advance, wanted), return_exceptions=True)
        for failure in results:
            if isinstance(failure, BaseException):
                raise failure

    async def _be_warm(self) -> None:
        """Load models in a thread when the first ticket comes: before that they would only take memory."""
        if self._warming is None:
            self._warming = asyncio.create_task(asyncio.to_thread(warm_up))
        await asyncio.shield(self._warming)

    async def _advance(self, case_id: str) -> None:
        async with self._limit:
            await advance(self._bench, case_id)
