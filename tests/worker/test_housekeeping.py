"""Nothing falls between the chairs, and raw data goes when its time is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from helpdesk_recovery.domain.ticket import Author
from helpdesk_recovery.engine.port import Job
from helpdesk_recovery.storage import connections, deliveries
from helpdesk_recovery.worker.advance import advance
from helpdesk_recovery.worker.housekeeping import forget, sweep
from helpdesk_recovery.worker.intake import take_in
from helpdesk_recovery.worker.poll import poll_due

BROKEN = "The kettle I ordered arrived broken, and I am very disappointed. I want a replacement, please."


async def advance_all(hand: Any, case_ids: Any) -> None:
    for case_id in case_ids:
        await advance(hand.bench, case_id)


async def test_a_delivery_without_a_job_is_found_and_worked(hand: Any) -> None:
    await hand.deliver(hand.memory.write("7", BROKEN))
    hand.clock.ahead = timedelta(seconds=20)

    async def handle(job: Job) -> None:
        cases = await take_in(hand.bench, job.ids) if job.kind == "deliveries" else job.ids
        await advance_all(hand, cases)

    await sweep(hand.services, "hand", handle)
    assert len(hand.memory.notes("7")) == 1


async def test_raw_deliveries_go_and_their_keys_stay(hand: Any) -> None:
    body = hand.memory.write("7", BROKEN)
    await hand.work(await hand.deliver(body))
    hand.clock.ahead = timedelta(days=29)
    await forget(hand.services)
    assert [row["body"] is None for row in await listed(hand)] == [False]
    hand.clock.ahead = timedelta(days=31)
    await forget(hand.services)
    assert [row["body"] is None for row in await listed(hand)] == [True]
    assert await hand.deliver(body) == ""
    assert len(hand.memory.notes("7")) == 1


async def listed(hand: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await hand.services.database.read(lambda sql: deliveries.listed(sql, None, 10))
    return found


async def start_polling(hand: Any) -> None:
    def work(sql: Any) -> None:
        changed = connections.named(sql, "shop", hand.services.sealer)
        connections.remove(sql, changed.id)
        connections.add(sql, replace(changed, poll_seconds=10), hand.services.sealer, hand.clock())

    await hand.services.database.write(work)
    await poll(hand)


async def poll(hand: Any) -> None:
    await poll_due(hand.bench, lambda case_ids: advance_all(hand, case_ids))


async def test_a_missed_webhook_is_found_by_poll_and_worked_once(hand: Any) -> None:
    await start_polling(hand)
    body = hand.memory.write("7", BROKEN)
    hand.clock.ahead = timedelta(seconds=11)
    await poll(hand)
    assert len(hand.memory.notes("7")) == 1
    await hand.work(await hand.deliver(body))
    hand.clock.ahead = timedelta(seconds=22)
    await poll(hand)
    assert len(hand.memory.notes("7")) == 1


async def test_the_first_poll_does_not_dig_up_the_past(hand: Any) -> None:
    hand.memory.write("7", BROKEN)
    await start_polling(hand)
    assert hand.memory.notes("7") == []


async def test_a_poll_starts_no_case_from_an_agents_words(hand: Any) -> None:
    await start_polling(hand)
    hand.memory.write("7", "Everything is broken, the customer wants a refund!", Author.AGENT)
    hand.clock.ahead = timedelta(seconds=11)
    await poll(hand)
    assert hand.memory.notes("7") == []
