"""What every engine owes us, on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from helpdesk_recovery.engine.port import Job


class _Refused(Exception):
    pass


def _job(number: object, **more: Any) -> Job:
    return Job("advance", (str(number),), **more)


def _soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


async def test_a_committed_job_runs_once_with_what_it_carries(place: Any, running: Any) -> None:
    got: list[Job] = []
    ran = asyncio.Event()

    async def handler(job: Job) -> None:
        got.append(job)
        if job.kind == "last":
            ran.set()

    await place.enqueue(Job("advance", ("case_1", "case_2")), Job("last", ()))
    async with running(place.engine(), handler), asyncio.timeout(20):
        await ran.wait()
    assert got == [Job("advance", ("case_1", "case_2")), Job("last", ())]


async def test_a_job_enqueued_first_in_a_transaction_that_rolls_back_is_gone(
    place: Any, seen: Any, running: Any
) -> None:
    engine = place.engine()

    def fails(connection: Connection) -> None:
        engine.enqueue(connection, _job("undone"))
        raise _Refused

    with pytest.raises(_Refused):
        await place.database.write(fails)
    await place.enqueue(_job("kept"))
    async with running(engine, seen):
        await seen.until("kept")
    assert seen.ids == ["kept"]


async def test_a_repeat_neither_doubles_nor_poisons_its_transaction(place: Any, seen: Any, running: Any) -> None:
    await place.enqueue(_job(1, dedupe="case 1"), _job("also 1", dedupe="case 1"), _job(2))
    await place.enqueue(_job("again 1", dedupe="case 1"), _job(3, dedupe="case 3"))
    async with running(place.engine(), seen):
        await seen.until("1", "2", "3")
    assert seen.ids == ["1", "2", "3"]


async def test_what_is_enqueued_while_its_twin_runs_gets_a_run_of_its_own(place: Any, seen: Any, running: Any) -> None:
    async def handler(job: Job) -> None:
        if not seen.ids:
            await place.enqueue(_job("second", dedupe="case 1"))
        await seen(job)

    await place.enqueue(_job("first", dedupe="case 1"))
    async with running(place.engine(), handler):
        await seen.until("first", "second")
    assert seen.ids == ["first", "second"]


async def test_a_delayed_job_is_not_early(place: Any, running: Any) -> None:
    started: dict[str, datetime] = {}
    both = asyncio.Event()

    async def handler(job: Job) -> None:
        started[job.ids[0]] = datetime.now(UTC)
        if len(started) == 2:
            both.set()

    due = _soon(1)
    await place.enqueue(_job("later", run_at=due), _job("now"))
    async with running(place.engine(), handler), asyncio.timeout(20):
        await both.wait()
    assert started["now"] < due
    assert due <= started["later"] < due + timedelta(seconds=2)


async def test_a_repeat_that_is_due_earlier_brings_the_waiting_one_forward(place: Any, seen: Any, running: Any) -> None:
    await place.enqueue(_job(1, dedupe="case 1", run_at=_soon(3600)), _job(2, dedupe="case 2"))
    await place.enqueue(_job(1, dedupe="case 1"), _job(2, dedupe="case 2", run_at=_soon(3600)))
    async with running(place.engine(), seen):
        await seen.until("1", "2")
    assert sorted(seen.ids) == ["1", "2"]


async def test_an_idle_engine_notices_what_another_process_enqueues(place: Any, seen: Any, running: Any) -> None:
    async with running(place.engine(), seen):
        for number in "123":
            await place.enqueue(_job(number))
            await seen.until(number, seconds=3)
            await place.idle()


async def test_one_at_a_time_means_in_the_order_of_enqueueing(place: Any, seen: Any, running: Any) -> None:
    numbers = [str(number) for number in range(30)]
    await place.enqueue(*(_job(number, dedupe=f"case 1 step {number}") for number in numbers[:15]))
    for number in numbers[15:]:
        await place.enqueue(_job(number))
    async with running(place.engine(), seen):
        await seen.until(*numbers)
    assert seen.ids == numbers


async def test_no_more_run_side_by_side_than_asked_for(place: Any, seen: Any, running: Any) -> None:
    numbers = [str(number) for number in range(12)]
    now, most = 0, 0
    three = asyncio.Event()

    async def handler(job: Job) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        if now == 3:
            three.set()
        await three.wait()
        await seen(job)
        now -= 1

    await place.enqueue(*(_job(number) for number in numbers))
    async with running(place.engine(), handler, concurrency=3):
        await seen.until(*numbers)
    assert most == 3


async def test_a_finished_job_stays_finished_for_the_next_process(place: Any, seen: Any, running: Any) -> None:
    await place.enqueue(_job(1))
    async with running(place.engine(), seen):
        await seen.until("1")
    await place.enqueue(_job(2))
    async with running(place.engine(), seen):
        await seen.until("2")
    assert seen.ids == ["1", "2"]


async def test_preparing_again_and_at_once_does_no_harm(place: Any, seen: Any, running: Any) -> None:
    await place.enqueue(_job(1))
    await asyncio.gather(*(place.engine().prepare() for _ in range(3)))
    async with running(place.engine(), seen):
        await seen.until("1")
