"""DBOS, one workflow of three steps a ticket; it keeps each step's result by itself.

    python -m benchmarks.engines.dbos_jobs DATABASE_URL TICKETS

The steps are plain functions: DBOS spends less CPU on them than on coroutines.
"""

from __future__ import annotations

import os
import sys
import threading
import time

from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions

from benchmarks.engines.steps import ManyTickets, Steps, as_json, bare_cpu_seconds, packs, say

_AT_ONCE = 50
_ENQUEUED_AT_ONCE = 100
_VERSION = "1"
_QUEUE = "tickets"


def _main(url: str, count: int) -> None:
    helpdesk = ManyTickets()
    helpdesk.file(count)
    config: DBOSConfig = {
        "name": "bench",
        "system_database_url": url,
        "log_level": "ERROR",
        "application_version": _VERSION,
    }
    DBOS(config=config)
    done = _workflow(helpdesk, count)
    DBOS.launch()
    _enqueue(url, count)
    bare = [bare_cpu_seconds(count)]
    before = time.process_time()
    DBOS.register_queue(_QUEUE, worker_concurrency=_AT_ONCE, polling_interval_sec=0.05)
    done.wait()
    total = time.process_time() - before
    bare.append(bare_cpu_seconds(count))
    helpdesk.must_be_noted()
    say(count, bare, total)


def _workflow(helpdesk: ManyTickets, count: int) -> threading.Event:
    """Declare the workflow; the event is set when *count* tickets are through."""
    done, lock, left = threading.Event(), threading.Lock(), count
    walks: dict[int, Steps] = {}

    @DBOS.step()
    def assess(number: int) -> str:
        steps = walks[number] = Steps(helpdesk, str(number), packs())
        steps.assess()
        return as_json(steps.assessment)

    @DBOS.step()
    def decide(number: int) -> str:
        walks[number].decide()
        return as_json(walks[number].decision)

    @DBOS.step()
    def write_note(number: int) -> str:
        walks[number].write_note()
        return as_json(walks[number].note)

    @DBOS.workflow(name="ticket")
    def ticket(number: int) -> None:
        nonlocal left
        assess(number)
        decide(number)
        write_note(number)
        with lock:
            left -= 1
            if not left:
                done.set()

    return done


def _enqueue(url: str, count: int) -> None:
    client = DBOSClient(system_database_url=url)
    for start in range(0, count, _ENQUEUED_AT_ONCE):
        with client._sys_db.engine.begin() as connection:
            for number in range(start, min(count, start + _ENQUEUED_AT_ONCE)):
                options: EnqueueOptions = {"workflow_name": "ticket", "queue_name": _QUEUE, "app_version": _VERSION}
                client.enqueue_in_transaction(connection, options, number)


if __name__ == "__main__":
    _main(sys.argv[1], int(sys.argv[2]))
    os._exit(0)  # its threads would hold the process for their polling time
