"""What is special about jobs in a table of ours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from helpdesk_recovery.engine.in_process import InProcessEngine
from helpdesk_recovery.engine.port import Job
from helpdesk_recovery.errors import StoreUnavailable
from helpdesk_recovery.storage.jobs import JobTable

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
LEASE = timedelta(seconds=5)


def _job(number: object, **more: Any) -> Job:
    return Job("advance", (str(number),), **more)


async def _claim(table: JobTable, worker: str, now: datetime, limit: int = 10) -> Any:
    return await table.turn(worker, [], {}, now=now, limit=limit, lease_until=now + LEASE)


async def test_a_wake_starts_a_job_long_before_the_next_poll(on_sqlite: Any, seen: Any, running: Any) -> None:
    engine = InProcessEngine(JobTable(on_sqlite.database), poll=timedelta(hours=1))
    await on_sqlite.enqueue(_job(1))
    async with running(engine, seen):
        await seen.until("1")
        await on_sqlite.idle()
        await on_sqlite.enqueue(_job(2))
        engine.wake()
        await seen.until("2")


async def test_a_claim_tells_when_the_next_job_falls_due(place: Any) -> None:
    table = JobTable(place.database)

    def three(connection: Connection) -> None:
        for name, minute in (("later", 2), ("now", 0), ("soon", 1)):
            table.insert(connection, "advance", (name,), NOON + timedelta(minutes=minute), None)

    await place.database.write(three)
    claim = await _claim(table, "me", NOON)
    assert [job.ids for job in claim.jobs] == [("now",)]
    assert claim.next_run_at == NOON + LEASE  # our own lease ends before the next job starts
    await table.turn("me", [claim.jobs[0].id], {}, now=NOON, limit=0, lease_until=NOON)
    assert (await _claim(table, "me", NOON)).next_run_at == NOON + timedelta(minutes=1)


async def test_a_claim_hands_out_the_oldest_first_and_no_more_than_asked_for(place: Any) -> None:
    table = JobTable(place.database)

    def ten(connection: Connection) -> None:
        for number in range(10):
            table.insert(connection, "advance", (str(number),), NOON, None)

    await place.database.write(ten)
    first, second = await _claim(table, "me", NOON, 7), await _claim(table, "me", NOON, 7)
    assert [job.ids[0] for job in first.jobs] == list("0123456")
    assert [job.ids[0] for job in second.jobs] == list("789")


async def test_results_of_a_lost_lease_change_nothing(place: Any) -> None:
    table = JobTable(place.database)
    await place.database.write(lambda connection: table.insert(connection, "advance", ("1",), NOON, None))
    (job,) = (await _claim(table, "slow", NOON)).jobs
    assert (await _claim(table, "quick", NOON + LEASE - timedelta(seconds=1))).jobs == ()
    (again,) = (await _claim(table, "quick", NOON + LEASE)).jobs
    assert (again.id, again.attempts) == (job.id, 2)
    late = NOON + LEASE
    await table.turn("slow", [job.id], {}, now=late, limit=0, lease_until=late)
    await table.turn("slow", [], {job.id: NOON}, now=late, limit=0, lease_until=late)
    await table.extend("slow", [job.id], NOON)
    assert (await _claim(table, "slow", late)).jobs == ()
    (still,) = (await _claim(table, "third", late + LEASE)).jobs
    assert still.id == job.id


class _FailingDatabase:
    """The real database, away for as many writes as told."""

    def __init__(self, database: Any) -> None:
        self._database = database
        self.dialect = database.dialect
        self.away = 0

    async def write(self, work: Callable[[Connection], Any]) -> Any:
        if self.away:
            self.away -= 1
            raise StoreUnavailable
        return await self._database.write(work)

    async def read(self, work: Callable[[Connection], Any]) -> Any:
        return await self.write(work)

    async def close(self) -> None:
        await self._database.close()


async def test_results_wait_while_the_store_is_away(on_sqlite: Any, seen: Any, running: Any) -> None:
    database = _FailingDatabase(on_sqlite.database)
    engine = InProcessEngine(JobTable(database))

    async def handler(job: Job) -> None:
        if job.ids == ("1",):
            database.away = 2
        await seen(job)

    await on_sqlite.enqueue(_job(1), _job(2))
    async with running(engine, handler):
        await seen.until("1", "2")
        await on_sqlite.idle()
    assert seen.ids == ["1", "2"]
