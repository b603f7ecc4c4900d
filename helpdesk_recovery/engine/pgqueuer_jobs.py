"""Jobs as pgqueuer's rows: enqueueing that can neither poison nor lose, and claiming that can neither drop."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pgqueuer import AsyncpgDriver, AsyncpgPoolDriver, Queries
from pgqueuer.adapters.persistence.query_helpers import cell
from pgqueuer.domain.models import Job as Row
from pgqueuer.domain.models import TracebackRecord
from pgqueuer.domain.types import QueueEntrypoint, QueueManagerId
from pgqueuer.ports.driver import NotifyCallback
from pgqueuer.ports.repository import EntrypointExecutionParameter

from helpdesk_recovery.engine.pgqueuer_schema import SETTINGS, queries_on
from helpdesk_recovery.engine.port import Job

ENTRYPOINT = "helpdesk_recovery"
_GIVE_BACK_PAUSES = (0.1, 0.5, 1.0)

_BRING_FORWARD = f"""
UPDATE {SETTINGS.queue_table} SET execute_after = LEAST(execute_after, now() + $2::interval)
WHERE dedupe_key = $1 AND status = 'queued' RETURNING id
"""  # noqa: S608


async def insert(driver: AsyncpgDriver, job: Job) -> None:
    """Insert *job*, or bring forward the waiting one of the same key.

    Bringing it forward also locks it: nobody can start that job before our transaction has ended, so it
    cannot run past what we are about to commit. When it was started in the meantime its key is free again.
    """
    payload = json.dumps({"kind": job.kind, "ids": job.ids}).encode()
    delay = timedelta() if job.run_at is None else await _from_now(driver, job.run_at)
    while True:
        (inserted,) = await queries_on(driver).enqueue(
            ENTRYPOINT, payload, execute_after=delay, dedupe_key=job.dedupe, on_conflict="skip"
        )
        if inserted is not None or await driver.fetch(_BRING_FORWARD, job.dedupe, delay):
            return


async def _from_now(driver: AsyncpgDriver, moment: datetime) -> timedelta:
    """Return how far *moment* is from PostgreSQL's now, which is when the transaction began."""
    (row,) = await driver.fetch("SELECT GREATEST($1::timestamptz - now(), interval '0') AS delay", moment)
    return cell(row, "delay", timedelta)


def read(row: Row) -> Job:
    """Return the job that *row* carries."""
    fields = json.loads(row.payload or b"")
    return Job(fields["kind"], tuple(fields["ids"]))


class ListeningDriver(AsyncpgPoolDriver):
    """A pool that tells others only once it listens: pgqueuer may otherwise miss the first probe of its own."""

    def __init__(self, pool: Any) -> None:
        super().__init__(pool)
        self._listening = asyncio.Event()

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        """Listen, and let notifications go out from now on."""
        await super().add_listener(channel, callback)
        self._listening.set()

    async def notify(self, channel: str, payload: str) -> None:
        """Notify *channel*, once we listen."""
        await self._listening.wait()
        await super().notify(channel, payload)


@dataclass
class ClaimingQueries(Queries):
    """pgqueuer's queries with two gaps closed.

    ``most`` is how many jobs this worker may hold; ``on_stuck`` is told that one of them cannot be given back.
    """

    most: int = 1
    on_stuck: Callable[[], None] = field(default=lambda: None)

    async def dequeue(
        self,
        batch_size: int,
        entrypoints: dict[QueueEntrypoint, EntrypointExecutionParameter],
        queue_manager_id: QueueManagerId,
        global_concurrency_limit: int | None,
        heartbeat_timeout: timedelta,
    ) -> list[Row]:
        """Claim up to ``most``; pgqueuer itself wants at least two, and the second would wait behind the first."""
        return await super().dequeue(batch_size, entrypoints, queue_manager_id, self.most, heartbeat_timeout)

    async def retry_job(self, job: Row, delay: timedelta, traceback_record: TracebackRecord | None) -> None:
        """Give *job* back, over a lost connection if need be, and without its traceback.

        Where even that fails pgqueuer would file the job under failed, and nothing would pick it up again.
        """
        for pause in _GIVE_BACK_PAUSES:
            try:
                await super().retry_job(job, delay, None)
                return
            except Exception:
                await asyncio.sleep(pause)
        self.on_stuck()


def claiming_queries(driver: AsyncpgPoolDriver, most: int, on_stuck: Callable[[], None]) -> ClaimingQueries:
    """Return pgqueuer's queries for one worker."""
    plain = queries_on(driver)
    return ClaimingQueries(driver, qbe=plain.qbe, qbq=plain.qbq, qbs=plain.qbs, most=most, on_stuck=on_stuck)
