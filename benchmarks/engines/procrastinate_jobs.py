"""procrastinate, one job a ticket, twenty at once, a checkpoint after each step.

python -m benchmarks.engines.procrastinate_jobs DATABASE_URL TICKETS
"""

from __future__ import annotations

import logging
import sys
import time

import asyncpg
import procrastinate
import uvloop
from procrastinate.types import JSONValue

from benchmarks.engines import checkpoints
from benchmarks.engines.steps import ManyTickets, bare_cpu_seconds, say

_AT_ONCE = 20
_ENQUEUED_AT_ONCE = 100


async def _main(url: str, count: int) -> None:
    helpdesk = ManyTickets()
    helpdesk.file(count)
    connector = procrastinate.PsycopgConnector(conninfo=url, min_size=4, max_size=_AT_ONCE + 4)
    app = procrastinate.App(connector=connector)
    async with asyncpg.create_pool(url, min_size=4, max_size=8) as pool, app.open_async():

        @app.task(name="ticket", queue="tickets", retry=3)
        async def ticket(number: int) -> None:
            await checkpoints.work(pool, helpdesk, str(number))

        await app.schema_manager.apply_schema_async()
        await checkpoints.create(pool)
        for start in range(0, count, _ENQUEUED_AT_ONCE):
            numbers = range(start, min(count, start + _ENQUEUED_AT_ONCE))
            arguments: list[dict[str, JSONValue]] = [{"number": number} for number in numbers]
            await ticket.batch_defer_async(*arguments)
        bare = [bare_cpu_seconds(count)]
        before = time.process_time()
        await app.run_worker_async(queues=["tickets"], concurrency=_AT_ONCE, wait=False, install_signal_handlers=False)
        total = time.process_time() - before
        bare.append(bare_cpu_seconds(count))
    helpdesk.must_be_noted()
    say(count, bare, total)


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    uvloop.run(_main(sys.argv[1], int(sys.argv[2])))
