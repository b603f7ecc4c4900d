"""What stopping means for the jobs under way."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from helpdesk_recovery.engine.port import Job


def _job(number: object, **more: Any) -> Job:
    return Job("advance", (str(number),), **more)


async def test_stop_waits_for_what_is_under_way_and_takes_nothing_new(place: Any, seen: Any) -> None:
    engine, entered, leave = place.engine(), asyncio.Event(), asyncio.Event()

    async def handler(job: Job) -> None:
        entered.set()
        await leave.wait()
        await seen(job)

    async with asyncio.timeout(30):
        await place.enqueue(_job("under way"))
        run = asyncio.create_task(engine.run(handler, concurrency=2))
        await entered.wait()
        engine.stop()
        await place.enqueue(_job("left"))
        await _drained_by_another(place, "left")
        assert not run.done()
        leave.set()
        await run
    assert seen.ids == ["under way"]


@pytest.mark.parametrize("turns", (0, 4, 16, 32))
async def test_stopping_right_at_the_start_is_heard(place: Any, seen: Any, turns: int) -> None:
    engine = place.engine()
    run = asyncio.create_task(engine.run(seen, concurrency=1))
    for _ in range(turns):
        await asyncio.sleep(0)  # lets it get a little further
    engine.stop()
    async with asyncio.timeout(20):
        await run


async def _drained_by_another(place: Any, expected: str) -> None:
    """Another engine gets the job that the stopping one leaves."""
    other, got = place.engine(), []

    async def handler(job: Job) -> None:
        got.append(job.ids[0])
        other.stop()

    await other.run(handler, concurrency=1)
    assert got == [expected]


async def test_cancelling_run_gives_unfinished_jobs_back_at_once(place: Any, seen: Any, running: Any) -> None:
    entered = asyncio.Event()

    async def stuck(job: Job) -> None:
        entered.set()
        await asyncio.Event().wait()

    await place.enqueue(_job(1))
    run = asyncio.create_task(place.engine().run(stuck, concurrency=1))
    await entered.wait()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    async with running(place.engine(), seen):
        await seen.until("1", seconds=3)  # sooner than any lease runs out
