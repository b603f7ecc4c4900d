"""Jobs as pgqueuer's rows: enqueueing that can neither poison nor lose, and claiming that can neither drop."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from pgqueuer import AsyncpgDriver, AsyncpgPoolDriver, Queries
from pgqueuer.domain.models import Job as Row
from pgqueuer.domain.models import TracebackRecord
from pgqueuer.domain.types import QueueEntrypoint, QueueManagerId
from pgqueuer.ports.repository import EntrypointExecutionParameter

from helpdesk_recovery.engine.pgqueuer_schema import SETTINGS, queries_on
from helpdesk_recovery.engine.port import Job

ENTRYPOINT = "helpdesk_recovery"

_BRING_FORWARD = f"""
UPDATE {SETTINGS.queue_table} SET execute_after = LEAST(execute_after, now() + $2::interval)
WHERE dedupe_key = $1 AND status = 'queued' RETURNING id
"""  # noqa: S608


async def insert(driver: AsyncpgDriver, job: Job, delay: timedelta) -> None:
    """Insert *job*, or bring forward the waiting one of the same key.

    Bringing it forward also locks it: nobody can start that job before our transaction has ended, so it
    cannot run past what we are about to commit. When it was started in the meantime its key is free again.
    """
    payload = json.dumps({"kind": job.kind, "ids": job.ids}).encode()
    while True:
        (inserted,) = await queries_on(driver).enqueue(
            ENTRYPOINT, payload, execute_after=delay, dedupe_key=job.dedupe, on_conflict="skip"
        )
        if inserted is not None or await driver.fetch(_BRING_FORWARD, job.dedupe, delay):
            return


def read(row: Row) -> Job:
    """Return the job that *row* carries."""
    fields = json.loads(row.payload or b"")
    return Job(fields["kind"], tuple(fields["ids"]))


@dataclass
class ClaimingQueries(Queries):
    """pgqueuer's queries with two gaps closed; ``most`` is how many jobs this worker may hold."""

    most: int = 1

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
        """Give *job* back. Where even that fails it stays ours until its heartbeat is missed.

        pgqueuer would file it under failed instead, where nothing picks it up again.
        """
        with suppress(Exception):
            await super().retry_job(job, delay, None)


def claiming_queries(driver: AsyncpgPoolDriver, most: int) -> ClaimingQueries:
    """Return pgqueuer's queries for a worker that holds at most *most* jobs."""
    plain = queries_on(driver)
    return ClaimingQueries(driver, qbe=plain.qbe, qbq=plain.qbq, qbs=plain.qbs, most=most)
