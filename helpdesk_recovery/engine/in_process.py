"""The engine for one machine: jobs lie in a table of ours, and every process that runs it takes its share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from helpdesk_recovery.engine.failure import after_failure, report
from helpdesk_recovery.engine.job_table import ClaimedJob, JobTable
from helpdesk_recovery.engine.port import Handler, Job

LEASE = timedelta(seconds=5)
POLL = timedelta(seconds=0.5)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class InProcessEngine:
    """Implements ``Engine`` over a ``JobTable``; *poll* is how soon jobs of other processes are noticed."""

    def __init__(
        self,
        table: JobTable,
        *,
        now: Callable[[], datetime] = _utc_now,
        lease: timedelta = LEASE,
        poll: timedelta = POLL,
    ) -> None:
        self._table = table
        self._now = now
        self._lease = lease
        self._poll = poll
        self._worker = uuid4().hex
        self._changed = asyncio.Event()
        self._stopping = False
        self._running: dict[int, asyncio.Task[None]] = {}
        self._finished: list[int] = []
        self._released: dict[int, datetime] = {}

    async def prepare(self) -> None:
        """Do nothing: the table of jobs comes with the migrations."""

    def enqueue(self, connection: Any, job: Job) -> None:
        """Insert *job* in the caller's transaction."""
        self._table.insert(connection, job.kind, job.ids, job.run_at or self._now(), job.dedupe)

    def wake(self) -> None:
        """Look for due jobs at once instead of at the next poll."""
        self._changed.set()

    def stop(self) -> None:
        """Take no new jobs; ``run`` returns when those under way are done."""
        self._stopping = True
        self._changed.set()

    async def run(self, handler: Handler, *, concurrency: int) -> None:
        """Work until ``stop``. Cancelling it gives unfinished jobs back."""
        keeper = asyncio.create_task(self._keep_leases())
        try:
            while self._running or not self._stopping:
                await self._turn(handler, concurrency)
        finally:
            keeper.cancel()
            for task in self._running.values():
                task.cancel()
            await asyncio.gather(keeper, *self._running.values(), return_exceptions=True)
            await self._exchange(0)

    async def _turn(self, handler: Handler, concurrency: int) -> None:
        self._changed.clear()
        limit = 0 if self._stopping else concurrency - len(self._running)
        jobs, next_run_at = await self._exchange(limit)
        for job in jobs:
            self._start(handler, job)
        await self._pause(next_run_at)

    async def _exchange(self, limit: int) -> tuple[list[ClaimedJob], datetime | None]:
        """Hand in results and claim; while the store is down both wait, and leases see that nothing is lost."""
        if limit <= 0 and not self._finished and not self._released:
            return [], None
        finished, released = self._finished, self._released
        self._finished, self._released = [], {}
        now = self._now()
        try:
            claim = await self._table.turn(
                self._worker, finished, released, now=now, limit=limit, lease_until=now + self._lease
            )
        except Exception as error:
            self._finished += finished
            self._released = released | self._released
            report("claiming jobs", error, self._poll)
            return [], None
        return list(claim.jobs), claim.next_run_at

    def _start(self, handler: Handler, job: ClaimedJob) -> None:
        if job.id in self._running:  # our lease ran out under a busy loop, and we got the job back ourselves
            return
        self._running[job.id] = asyncio.create_task(self._work(handler, job))

    async def _work(self, handler: Handler, job: ClaimedJob) -> None:
        try:
            await handler(Job(job.kind, job.ids))
        except (Exception, asyncio.CancelledError) as error:
            self._released[job.id] = self._now() + after_failure(job.kind, error, job.attempts)
        else:
            self._finished.append(job.id)
        finally:
            del self._running[job.id]
            self._changed.set()

    async def _pause(self, next_run_at: datetime | None) -> None:
        wait = self._poll
        if next_run_at is not None:
            wait = min(wait, next_run_at - self._now())
        with suppress(TimeoutError):
            async with asyncio.timeout(max(wait.total_seconds(), 0.0)):
                await self._changed.wait()

    async def _keep_leases(self) -> None:
        every = self._lease / 3
        while True:
            await asyncio.sleep(every.total_seconds())
            held = [*self._running, *self._finished, *self._released]
            if not held:
                continue
            try:
                await self._table.extend(self._worker, held, self._now() + self._lease)
            except Exception as error:
                report("keeping leases", error, every)
