"""Engines in several processes: they share, they take over, they drain."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from helpdesk_recovery.engine.port import Job

LEASE_SECONDS = 5.0
GRACE_SECONDS = 2.0


def _job(number: object, **more: Any) -> Job:
    return Job("advance", (str(number),), **more)


async def test_two_processes_share_the_work(place: Any, start_worker: Any) -> None:
    await place.enqueue(_job(1), _job(2))
    workers = [await start_worker(), await start_worker()]
    started = {await worker.says() for worker in workers}
    assert started == {"started 1", "started 2"}
    for worker in workers:
        await worker.go_on()
    assert {await worker.says() for worker in workers} == {"finished 1", "finished 2"}


@pytest.mark.faults
@pytest.mark.parametrize("survivor", ["already running", "started afterwards"])
async def test_jobs_of_a_killed_process_are_taken_over(
    place: Any, start_worker: Any, seen: Any, running: Any, survivor: str
) -> None:
    await place.enqueue(*(_job(number, dedupe=f"case {number}") for number in range(6)))
    victim = await start_worker(concurrency=3)
    held = {(await victim.says()).removeprefix("started ") for _ in range(3)}
    free = {str(number) for number in range(6)} - held
    if survivor == "started afterwards":
        victim.process.kill()
    async with running(place.engine(), seen, concurrency=6):
        await seen.until(*free)
        if survivor == "already running":
            assert not held & set(seen.ids)
            victim.process.kill()
        await seen.until(*held, seconds=LEASE_SECONDS + GRACE_SECONDS)
    assert sorted(seen.ids) == [str(number) for number in range(6)]


@pytest.mark.faults
async def test_a_job_that_takes_longer_than_its_lease_stays_where_it_is(
    place: Any, start_worker: Any, seen: Any, running: Any
) -> None:
    lease = timedelta(seconds=1)
    await place.enqueue(_job("long"))
    worker = await start_worker(lease=1.0)
    assert await worker.says() == "started long"
    ticks = [str(number) for number in range(8)]  # every half second, four leases long
    start = datetime.now(UTC)
    await place.enqueue(*(_job(tick, run_at=start + lease / 2 * int(tick)) for tick in ticks))
    async with running(place.engine(lease), seen, concurrency=4):
        await seen.until(*ticks)
        await worker.go_on()
        assert await worker.says() == "finished long"
    assert seen.ids == ticks


@pytest.mark.faults
async def test_a_process_told_to_terminate_finishes_what_it_holds(
    place: Any, start_worker: Any, seen: Any, running: Any
) -> None:
    await place.enqueue(_job("held"))
    worker = await start_worker(concurrency=2)
    assert await worker.says() == "started held"
    worker.process.terminate()
    assert await worker.says() == "stopping"
    await place.enqueue(_job("left"))
    async with running(place.engine(), seen):
        await seen.until("left")
        await worker.go_on()
        assert await worker.says() == "finished held"
        assert await worker.says() == ""
        assert await worker.ended() == 0
    assert seen.ids == ["left"]
