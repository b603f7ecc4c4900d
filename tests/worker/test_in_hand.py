"""A case is in one task's hand at a time, and nothing asked for meanwhile is forgotten."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from helpdesk_recovery.storage.database import Database
from helpdesk_recovery.storage.tables import cases
from helpdesk_recovery.worker.advance import advance
from helpdesk_recovery.worker.bench import Bench
from helpdesk_recovery.worker.in_hand import InHand
from helpdesk_recovery.worker.intake import take_in

BROKEN = "The kettle I ordered arrived broken, and I am very disappointed. I want a replacement, please."


def test_who_asks_for_a_case_in_hand_is_heard_by_who_has_it() -> None:
    hand = InHand()
    assert hand.take("a")
    assert not hand.was_asked_again("a")
    assert not hand.take("a")
    assert hand.was_asked_again("a")
    assert not hand.was_asked_again("a")
    hand.give_back("a")
    assert hand.take("a")


class Meanwhile:
    """A database that lets something happen right after the commit that leaves no case leased."""

    def __init__(self, inner: Database, happen: Callable[[], Awaitable[None]]) -> None:
        self.inner, self.happen, self.dialect = inner, happen, inner.dialect
        self.leased = False

    async def write(self, work: Any) -> Any:
        done = await self.inner.write(work)
        held = await self.inner.read(lambda sql: sql.scalar(select(cases.c.id).where(cases.c.leased_by.is_not(None))))
        if self.leased and held is None:
            self.leased = False
            await self.happen()
        else:
            self.leased = held is not None
        return done

    async def read(self, work: Any) -> Any:
        return await self.inner.read(work)

    async def close(self) -> None:
        await self.inner.close()


async def test_what_comes_in_as_a_case_is_given_back_is_worked_by_the_same_task(hand: Any) -> None:
    """Another task asks right after the case was released, when the first has not let go of it yet."""
    still_to_come = [BROKEN]

    async def the_customer_complains() -> None:
        if still_to_come:
            delivery_id = await hand.deliver(hand.memory.write("7", still_to_come.pop()))
            for case_id in await take_in(hand.bench, [delivery_id]):
                await advance(bench, case_id)

    database = Meanwhile(hand.services.database, the_customer_complains)
    bench = Bench(replace(hand.services, database=database), "hand")
    delivery_id = await hand.deliver(hand.memory.write("7", "Hello, are you open on Sunday?"))
    for case_id in await take_in(hand.bench, [delivery_id]):
        await advance(bench, case_id)
    assert not still_to_come
    assert len(hand.memory.notes("7")) == 1
    await bench.close()
