"""Thinking leaves the loop its turn, however many tickets are in hand."""

from __future__ import annotations

import asyncio

from helpdesk_recovery.worker.slices import Slices


async def test_the_loop_has_its_turn_after_every_few_tickets() -> None:
    slices = Slices(most=3)
    seen: list[str] = []

    async def think(number: int) -> None:
        await slices.turn()
        seen.append(str(number))

    async def answer_webhooks() -> None:
        while len([one for one in seen if one != "-"]) < 10:
            seen.append("-")
            await asyncio.sleep(0)

    await asyncio.gather(*map(think, range(10)), answer_webhooks())
    assert "".join(seen).replace("-", "") == "0123456789"
    assert max(map(len, "".join(seen).split("-"))) <= 3


async def test_who_is_cancelled_while_waiting_costs_nobody_a_turn() -> None:
    slices = Slices(most=1)
    tasks = [asyncio.create_task(slices.turn()) for _ in range(4)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    results = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)
    assert [type(one).__name__ for one in results] == ["NoneType", "CancelledError", "NoneType", "NoneType"]
