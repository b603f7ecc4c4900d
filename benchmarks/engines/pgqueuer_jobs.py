"""pgqueuer, one job a ticket, twenty at once, a checkpoint after each step.

python -m benchmarks.engines.pgqueuer_jobs DATABASE_URL TICKETS
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta

import asyncpg
import uvloop
from pgqueuer import AsyncpgPoolDriver, PgQueuer, Queries
from pgqueuer.models import Job

from benchmarks.engines import checkpoints
from benchmarks.engines.steps import ManyTickets, bare_cpu_seconds, say

_AT_ONCE = 20
_ENQUEUED_AT_ONCE = 100


async def _main(url: str, count: int) -> None:
    helpdesk = ManyTickets()
    helpdesk.file(count)
    async with asyncpg.create_pool(url, min_size=4, max_size=12) as pool:
        queries = Queries(AsyncpgPoolDriver(pool))
        await queries.install()
        await checkpoints.create(pool)
        await _enqueue(queries, count)
        bare = [bare_cpu_seconds(count)]
        before = time.process_time()
        await _work(pool, helpdesk, count)
        total = time.process_time() - before
        bare.append(bare_cpu_seconds(count))
    helpdesk.must_be_noted()
    say(count, bare, total)


async def _enqueue(queries: Queries, count: int) -> None:
    for start in range(0, count, _ENQUEUED_AT_ONCE):
        tickets: list[bytes | None] = [
            str(number).encode() for number in range(start, min(count, start + _ENQUEUED_AT_ONCE))
        ]
        await queries.enqueue(["ticket"] * len(tickets), tickets, [0] * len(tickets))


async def _work(pool: asyncpg.Pool, helpdesk: ManyTickets, count: int) -> None:
    queuer = PgQueuer(AsyncpgPoolDriver(pool))
    left = count

    @queuer.entrypoint("ticket")
    async def ticket(job: Job) -> None:
        nonlocal left
        assert job.payload is not None
        await checkpoints.work(pool, helpdesk, job.payload.decode())
        left -= 1
        if not left:
            queuer.shutdown.set()

    await queuer.run(batch_size=_AT_ONCE, dequeue_timeout=timedelta(seconds=1))


if __name__ == "__main__":
    uvloop.run(_main(sys.argv[1], int(sys.argv[2])))
