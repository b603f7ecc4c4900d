"""A worker died with a ticket in its hands: another has it soon, although the engine has called only once."""

from __future__ import annotations

import asyncio
import hashlib
import time
from datetime import timedelta

import pytest

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.delivery import Delivery
from helpdesk_recovery.sdk.testing.memory_helpdesk import MemoryHelpdesk
from helpdesk_recovery.storage import cases, deliveries, workers
from helpdesk_recovery.worker.bench import Bench
from helpdesk_recovery.worker.intake import take_in
from helpdesk_recovery.worker.run import Worker
from installation.waiting import until

pytestmark = pytest.mark.faults

COMPLAINT = "The kettle I ordered arrived broken, and I am very disappointed. I want a replacement, please."
LEASE_SECONDS = 5.0


async def test_a_dead_workers_ticket_is_taken_over_within_the_lease_and_two_seconds(
    services: Services, connection: Connection, memory: MemoryHelpdesk
) -> None:
    await dies_with_a_ticket(services, connection, memory.write("7", COMPLAINT))
    died_at = time.monotonic()
    worker = Worker(services)
    running = asyncio.create_task(worker.run())
    await asyncio.to_thread(until, lambda: memory.notes("7"), 30, "the note is written")
    taken = time.monotonic() - died_at
    worker.stop()
    await running
    # The sweep alone would take 15 seconds; the lease and two are seen on a quiet machine, a busy one adds its own.
    assert LEASE_SECONDS - 1 < taken < 2 * LEASE_SECONDS + 2, f"taken over after {taken:.1f} s"
    assert len(memory.notes("7")) == 1


async def dies_with_a_ticket(services: Services, connection: Connection, body: bytes) -> None:
    """Deliver, lease the case as a worker whose last sign of life is now, and never come back."""
    now = services.clock()
    delivery = Delivery(connection.name, (), body, now)
    await services.inbox.put(connection.id, delivery, hashlib.sha256(body).digest(), None)
    await services.database.write(lambda sql: workers.register(sql, "dead", services.clock()))
    bench = Bench(services, "dead")
    (row,) = await services.database.read(lambda sql: deliveries.listed(sql, None, 10))
    (case_id,) = await take_in(bench, [row["id"]])
    soon = services.clock() + timedelta(milliseconds=1)
    (case,) = await services.database.write(lambda sql: cases.lease(sql, [case_id], "dead", soon))
    assert case is not None
    await bench.close()
