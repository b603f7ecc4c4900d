"""A worker that is driven by hand: deliver, then work until nothing is due."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from helpdesk_recovery.bootstrap import Services, utc_now
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.delivery import Delivery
from helpdesk_recovery.domain.effect import Effect
from helpdesk_recovery.domain.ticket import Author
from helpdesk_recovery.sdk.testing.memory_helpdesk import MemoryHelpdesk
from helpdesk_recovery.storage import cases, deliveries, outbox, workers
from helpdesk_recovery.worker.advance import advance
from helpdesk_recovery.worker.bench import Bench
from helpdesk_recovery.worker.intake import take_in


@dataclass
class Later:
    """A clock that a test moves on."""

    ahead: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


@dataclass
class Hand:
    """Delivers and works, one step after the other."""

    services: Services
    connection: Connection
    memory: MemoryHelpdesk
    clock: Later
    bench: Bench

    async def deliver(self, body: bytes) -> str:
        """Put a delivery into the inbox as the door does; return its id."""
        before = {
            row["id"] for row in await self.services.database.read(lambda sql: deliveries.listed(sql, None, 1000))
        }
        delivery = Delivery("shop", (), body, self.clock())
        await self.services.inbox.put(self.connection.id, delivery, hashlib.sha256(body).digest(), None)
        after = await self.services.database.read(lambda sql: deliveries.listed(sql, None, 1000))
        return next((row["id"] for row in after if row["id"] not in before), "")

    async def writes(self, ticket: str, text: str, author: Author = Author.REQUESTER, *, public: bool = True) -> None:
        """Let somebody write on a ticket, deliver the webhook and work."""
        delivery_id = await self.deliver(self.memory.write(ticket, text, author, public=public))
        await self.work(delivery_id)

    async def work(self, *delivery_ids: str) -> None:
        """Take deliveries in and advance their cases."""
        for case_id in await take_in(self.bench, delivery_ids):
            await advance(self.bench, case_id)

    async def work_what_is_due(self) -> None:
        """Advance every case that is due, as the engine's jobs would."""
        now = self.clock() + timedelta(milliseconds=1)
        for case_id in await self.services.database.read(lambda sql: cases.due_before(sql, "hand", now)):
            await advance(self.bench, case_id)

    async def effects(self) -> list[Effect]:
        """Return every effect there is."""
        found: list[Effect] = []
        listed = await self.services.database.read(lambda sql: deliveries.listed(sql, "done", 1000))
        for case_id in {row["case_id"] for row in listed}:
            found += await self.services.database.read(lambda sql, one=case_id: outbox.of_case(sql, one))  # type: ignore[misc]
        return found

    async def delivery_states(self) -> list[tuple[str, str | None]]:
        """Return (state, reason) of every delivery, newest first."""
        listed = await self.services.database.read(lambda sql: deliveries.listed(sql, None, 1000))
        return [(row["state"], row["reason"]) for row in listed]


@pytest.fixture
async def hand(services: Services, connection: Connection, memory: MemoryHelpdesk) -> AsyncIterator[Hand]:
    """A worker driven by hand."""
    clock = Later()
    timed = replace(services, clock=clock)
    await services.database.write(lambda sql: workers.register(sql, "hand", utc_now() + timedelta(days=3650)))
    bench = Bench(timed, "hand")
    yield Hand(timed, connection, memory, clock, bench)
    await bench.close()
