"""A process that runs an engine: says what it starts, holds it until told to go on, drains on SIGTERM.

Arguments: database URL, concurrency, lease in seconds.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import timedelta

from sqlalchemy.util import await_only

from helpdesk_recovery.engine.in_process import InProcessEngine
from helpdesk_recovery.engine.pgqueuer import PgqueuerEngine
from helpdesk_recovery.engine.port import Engine, Job
from helpdesk_recovery.storage.database import Database, open_database
from helpdesk_recovery.storage.jobs import JobTable


def open_engine(database: Database, url: str, lease: timedelta) -> Engine:
    if database.dialect == "sqlite":
        return InProcessEngine(JobTable(database), lease=lease)
    return PgqueuerEngine(url, await_only=await_only, lease=lease)


def say(what: str) -> None:
    print(what, flush=True)


async def main(url: str, concurrency: int, lease: float) -> None:
    database = open_database(url)
    engine = open_engine(database, url, timedelta(seconds=lease))
    go_on = asyncio.Event()

    def told() -> None:
        if not os.read(0, 100):
            os._exit(1)  # the test is gone
        go_on.set()

    def terminated() -> None:
        engine.stop()
        say("stopping")

    async def hold(job: Job) -> None:
        say(f"started {' '.join(job.ids)}")
        await go_on.wait()
        say(f"finished {' '.join(job.ids)}")

    loop = asyncio.get_running_loop()
    loop.add_reader(0, told)
    loop.add_signal_handler(signal.SIGTERM, terminated)
    await engine.run(hold, concurrency=concurrency)
    loop.remove_reader(0)
    await database.close()


asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
