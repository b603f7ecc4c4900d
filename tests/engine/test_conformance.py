"""What every engine owes us, on both databases."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import pytest
from sqlalchemy import Connection

from helpdesk_recovery.engine.port import Engine, Job


class Place(Protocol):
    database: Any

    def engine(self, lease: timedelta = ...) -> Engine: ...
    async def enqueue(self, *waiting: Job) -> None: ...


class Seen(Protocol):
    ids: list[str]

    async def __call__(self, job: Job) -> None: ...
    async def add(self, *ids: str) -> None: ...
    async def until(self, *ids: str, seconds: float = ...) -> None: ...


class _Refused(Exception):
    pass


def _job(number: object, **more: Any) -> Job:
    return Job("advance", (str(number),), **more)


def _soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


async def test_a_committed_job_runs_once_with_what_it_carries(place: Place, running: Any) -> None:
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
    place: Place, seen: Seen, running: Any
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


async def test_a_repeat_neither_doubles_nor_poisons_its_transaction(place: Place, seen: Seen, running: Any) -> None:
    await place.enqueue(_job(1, dedupe="case 1"), _job("also 1", dedupe="case 1"), _job(2))
    await place.enqueue(_job("again 1", dedupe="case 1"), _job(3, dedupe="case 3"))
    async with running(place.engine(), seen):
        await seen.until("1", "2", "3")
    assert seen.ids == ["1", "2", "3"]


async def test_what_is_enqueued_while_its_twin_runs_gets_a_run_of_its_own(
    place: Place, seen: Seen, running: Any
) -> None:
    async def handler(job: Job) -> None:
        if not seen.ids:
            await place.enqueue(_job("second", dedupe="case 1"))
        await seen(job)

    await place.enqueue(_job("first", dedupe="case 1"))
    async with running(place.engine(), handler):
        await seen.until("first", "second")
    assert seen.ids == ["first", "second"]


async def test_a_delayed_job_is_not_early(place: Place, running: Any) -> None:
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


async def test_a_repeat_that_is_due_earlier_brings_the_waiting_one_forward(
    place: Place, seen: Seen, running: Any
) -> None:
    await place.enqueue(_job(1, dedupe="case 1", run_at=_soon(3600)), _job(2, dedupe="case 2"))
    await place.enqueue(_job(1, dedupe="case 1"), _job(2, dedupe="case 2", run_at=_soon(3600)))
    async with running(place.engine(), seen):
        await seen.until("1", "2")
    assert sorted(seen.ids) == ["1", "2"]


@pytest.mark.parametrize("error", [ValueError("boom"), asyncio.CancelledError()])
async def test_a_job_whose_handler_raises_comes_back_after_a_pause(
    place: Place, seen: Seen, running: Any, error: BaseException
) -> None:
    failed: list[datetime] = []

    async def handler(job: Job) -> None:
        if job.ids == ("1",) and not failed:
            failed.append(datetime.now(UTC))
            raise error
        await seen(job)

    await place.enqueue(_job(1), _job(2))
    async with running(place.engine(), handler):
        await seen.until("1", "2")
    assert seen.ids == ["2", "1"]
    assert datetime.now(UTC) - failed[0] >= timedelta(seconds=1)


async def test_a_failure_is_told_without_its_message(
    place: Place, seen: Seen, running: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async def handler(job: Job) -> None:
        if not seen.ids:
            await seen.add("failed")
            raise ValueError("my name is Alice")
        await seen(job)

    await place.enqueue(_job(1))
    async with running(place.engine(), handler):
        await seen.until("1")
    assert "job 'advance' failed with ValueError at" in caplog.text
    assert len(caplog.records) == 1
    assert "Alice" not in caplog.text


async def test_one_at_a_time_means_in_the_order_of_enqueueing(place: Place, seen: Seen, running: Any) -> None:
    numbers = [str(number) for number in range(30)]
    await place.enqueue(*(_job(number, dedupe=f"case 1 step {number}") for number in numbers[:15]))
    for number in numbers[15:]:
        await place.enqueue(_job(number))
    async with running(place.engine(), seen):
        await seen.until(*numbers)
    assert seen.ids == numbers


async def test_no_more_run_side_by_side_than_asked_for(place: Place, seen: Seen, running: Any) -> None:
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


async def test_stop_waits_for_what_is_under_way_and_takes_nothing_new(place: Place, seen: Seen) -> None:
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


@pytest.mark.parametrize("turns", range(0, 40, 4))
async def test_stopping_right_at_the_start_is_heard(place: Place, seen: Seen, turns: int) -> None:
    engine = place.engine()
    run = asyncio.create_task(engine.run(seen, concurrency=1))
    for _ in range(turns):
        await asyncio.sleep(0)  # lets it get a little further
    engine.stop()
    async with asyncio.timeout(20):
        await run


async def _drained_by_another(place: Place, expected: str) -> None:
    """Another engine gets the job that the stopping one leaves."""
    other, got = place.engine(), []

    async def handler(job: Job) -> None:
        got.append(job.ids[0])
        other.stop()

    await other.run(handler, concurrency=1)
    assert got == [expected]


async def test_a_finished_job_stays_finished_for_the_next_process(place: Place, seen: Seen, running: Any) -> None:
    await place.enqueue(_job(1))
    async with running(place.engine(), seen):
        await seen.until("1")
    await place.enqueue(_job(2))
    async with running(place.engine(), seen):
        await seen.until("2")
    assert seen.ids == ["1", "2"]


async def test_cancelling_run_gives_unfinished_jobs_back_at_once(place: Place, seen: Seen, running: Any) -> None:
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


async def test_preparing_again_and_at_once_does_no_harm(place: Place, seen: Seen, running: Any) -> None:
    await place.enqueue(_job(1))
    await asyncio.gather(*(place.engine().prepare() for _ in range(3)))
    async with running(place.engine(), seen):
        await seen.until("1")
