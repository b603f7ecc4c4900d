"""A case is worked by one worker at a time, in order, and nothing that happened is lost."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.ticket import Author, EventKind, TicketEvent
from helpdesk_recovery.storage import cases, workers
from helpdesk_recovery.storage.attach import Arrival, attach
from helpdesk_recovery.storage.cases import Case, Release, Worked

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def event(key: str, ticket: str = "7") -> TicketEvent:
    return TicketEvent(EventKind.REPLIED, ticket, key, NOW, Author.REQUESTER)


async def record(services: Services, connection: Connection, key: str, ticket: str = "7") -> tuple[str, bool]:
    arrival = Arrival(connection.account, connection.id, event(key, ticket), starts=True)
    (found,) = await services.database.write(lambda sql: attach(sql, [arrival], NOW))
    assert found.case_id is not None
    return found.case_id, found.fresh


async def lease(services: Services, case_id: str, worker: str, now: datetime = NOW) -> Case | None:
    (found,) = await services.database.write(lambda sql: cases.lease(sql, [case_id], worker, now))
    return found


async def finish(services: Services, case: Case, worker: str) -> datetime | None:
    await services.database.write(lambda sql: cases.worked(sql, [Worked(case, at=NOW)]))
    (due,) = await services.database.write(lambda sql: cases.release(sql, [Release(case.id)], worker, NOW))
    return due


async def register(services: Services, *names: str) -> None:
    for name in names:
        await services.database.write(lambda sql, one=name: workers.register(sql, one, NOW))  # type: ignore[misc]


async def test_the_same_event_twice_is_on_the_case_once(services: Services, connection: Connection) -> None:
    first = await record(services, connection, "message:1")
    again = await record(services, connection, "message:1")
    assert (first[1], again[1]) == (True, False)
    assert first[0] == again[0]


async def test_a_case_in_hand_is_not_given_to_another_living_worker(services: Services, connection: Connection) -> None:
    await register(services, "a", "b")
    case_id, _ = await record(services, connection, "message:1")
    assert await lease(services, case_id, "a") is not None
    assert await lease(services, case_id, "b") is None


async def test_a_case_of_a_silent_worker_is_free_after_the_lease(services: Services, connection: Connection) -> None:
    await register(services, "a")
    case_id, _ = await record(services, connection, "message:1")
    await lease(services, case_id, "a")
    soon = NOW + workers.LEASE - timedelta(milliseconds=1)
    later = NOW + workers.LEASE + timedelta(milliseconds=1)
    assert await lease(services, case_id, "b", soon) is None
    assert await lease(services, case_id, "b", later) is not None


async def test_what_comes_in_while_a_case_is_worked_makes_it_due_again(
    services: Services, connection: Connection
) -> None:
    await register(services, "a")
    case_id, _ = await record(services, connection, "message:1")
    case = await lease(services, case_id, "a")
    assert case is not None
    await record(services, connection, "message:2")
    assert await finish(services, case, "a") == NOW
    again = await lease(services, case_id, "a")
    assert again is not None
    assert [one.key for one in again.events] == ["message:2"]


async def test_a_worked_case_is_due_no_more(services: Services, connection: Connection) -> None:
    await register(services, "a")
    case_id, _ = await record(services, connection, "message:1")
    case = await lease(services, case_id, "a")
    assert case is not None
    assert await finish(services, case, "a") is None
    assert await lease(services, case_id, "a") is None


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=st.lists(st.sampled_from("abcdef"), min_size=1, max_size=12))
async def test_every_event_is_worked_exactly_once_whatever_the_order_and_repeats(
    services: Services, connection: Connection, keys: list[str]
) -> None:
    """Deliveries come in any order and any number; work happens whenever a worker gets round to it."""
    ticket = str(uuid4())
    worked: list[str] = []
    for number, key in enumerate(keys):
        case_id, _ = await record(services, connection, f"{ticket}:{key}", ticket)
        if number % 3:
            continue
        worked += await _work(services, case_id)
    worked += await _work(services, case_id)
    assert sorted(worked) == sorted({f"{ticket}:{key}" for key in keys})


async def _work(services: Services, case_id: str) -> list[str]:
    case = await lease(services, case_id, "only")
    if case is None:
        return []
    await finish(services, case, "only")
    return [one.key for one in case.events]


async def test_two_workers_attaching_the_same_new_ticket_at_once_make_one_case(
    services: Services, connection: Connection
) -> None:
    arrivals = [[Arrival(connection.account, connection.id, event(f"message:{n}"), starts=True)] for n in range(8)]
    results = await asyncio.gather(
        *(services.again_on_conflict(lambda sql, one=one: attach(sql, one, NOW)) for one in arrivals)  # type: ignore[misc]
    )
    assert len({found.case_id for (found,) in results}) == 1


async def test_what_may_not_start_a_case_finds_one_or_none(services: Services, connection: Connection) -> None:
    def agent(key: str) -> Arrival:
        return Arrival(connection.account, connection.id, event(key), starts=False)

    (before,) = await services.database.write(lambda sql: attach(sql, [agent("message:0")], NOW))
    case_id, _ = await record(services, connection, "message:1")
    (after,) = await services.database.write(lambda sql: attach(sql, [agent("message:2")], NOW))
    assert (before.case_id, after.case_id) == (None, case_id)
