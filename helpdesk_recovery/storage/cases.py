"""Cases: one per ticket and connection, worked by one worker at a time. All functions take many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, or_, select, update

from helpdesk_recovery.domain.effect import Effect
from helpdesk_recovery.domain.ticket import TicketEvent
from helpdesk_recovery.storage import codec, outbox, workers
from helpdesk_recovery.storage.schema import Instant
from helpdesk_recovery.storage.tables import case_events, cases
from helpdesk_recovery.storage.tables import workers as workers_table


@dataclass(frozen=True, slots=True)
class Case:
    """A leased case: ``events`` up to ``generation`` that nobody has worked yet, and ``effects`` that are open."""

    id: str
    account: str
    connection_id: str
    ticket_id: str
    generation: int
    tries: int
    created_at: datetime
    action: str | None
    reference: str | None
    noted_at: datetime | None
    events: tuple[TicketEvent, ...] = ()
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Release:
    """A case given back; with ``retry_at`` its events could not be worked now and wait until then."""

    case_id: str
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Worked:
    """A case whose events are worked, with what the agent was asked for now, if that is new."""

    case: Case
    action: str | None = None
    reference: str | None = None
    noted_at: datetime | None = None
    at: datetime = field(kw_only=True)


def lease(connection: Connection, case_ids: Sequence[str], worker: str, now: datetime) -> list[Case | None]:
    """Take cases for *worker*; None stands for one that is not due or that another living worker has.

    A worker may take its own lease again: it knows by itself what it has in hand. A row that somebody is changing
    right now is left to them: whoever puts an event on it also asks for it to be worked.
    """
    c = cases.c
    due = select(c.id).where(c.id.in_(case_ids), _free(worker, now), c.due_at <= now)
    ids = connection.execute(due.order_by(c.id).with_for_update(skip_locked=True)).scalars().all()
    if not ids:
        return [None] * len(case_ids)
    taken = update(cases).where(c.id.in_(ids)).values(leased_by=worker).returning(cases)
    rows = {row["id"]: row for row in connection.execute(taken).mappings()}
    events = _events(connection, rows)
    waiting = outbox.open_of_cases(connection, ids)
    return [_case(rows[one], events.get(one, ()), waiting.get(one, ())) if one in rows else None for one in case_ids]


def held_until(connection: Connection, case_id: str, worker: str) -> datetime | None:
    """Return when another worker's lease on a due case ends unless it beats again; None when nobody holds one."""
    c = cases.c
    query = (
        select(workers_table.c.seen_at)
        .join(cases, c.leased_by == workers_table.c.id)
        .where(c.id == case_id, c.due_at.is_not(None), c.leased_by != worker)
    )
    seen_at: datetime | None = connection.scalar(query)
    return None if seen_at is None else seen_at + workers.LEASE


def _free(worker: str, now: datetime) -> ColumnElement[bool]:
    holder = cases.c.leased_by
    return or_(holder.is_(None), holder == worker, holder.not_in(workers.alive(now)))


def _events(connection: Connection, rows: dict[str, Any]) -> dict[str, tuple[TicketEvent, ...]]:
    """Return the unworked events of leased cases, in the order they came in."""
    query = (
        select(case_events.c.case_id, case_events.c.event)
        .join(cases, cases.c.id == case_events.c.case_id)
        .where(case_events.c.case_id.in_(rows), case_events.c.generation > cases.c.worked)
        .order_by(case_events.c.number)
    )
    found: dict[str, tuple[TicketEvent, ...]] = {}
    for case_id, content in connection.execute(query):
        found[case_id] = (*found.get(case_id, ()), codec.load(TicketEvent, content))
    return found


def _case(row: Any, events: tuple[TicketEvent, ...], waiting: tuple[Effect, ...]) -> Case:
    return Case(
        id=row["id"],
        account=row["account_id"],
        connection_id=row["connection_id"],
        ticket_id=row["ticket_id"],
        generation=row["generation"],
        tries=row["tries"],
        created_at=row["created_at"],
        action=row["action"],
        reference=row["reference"],
        noted_at=row["noted_at"],
        events=events,
        effects=waiting,
    )


_WORKED = (
    update(cases)
    .where(cases.c.id == bindparam("case"))
    .values(
        worked=bindparam("upto"),
        tries=0,
        updated_at=bindparam("at", type_=Instant),
        action=bindparam("action_"),
        reference=bindparam("reference_"),
        noted_at=bindparam("noted", type_=Instant),
    )
)


def worked(connection: Connection, done: Sequence[Worked]) -> None:
    """Say that every event the cases were leased with is worked."""
    rows = [
        {
            "case": one.case.id,
            "upto": one.case.generation,
            "at": one.at,
            "action_": one.action or one.case.action,
            "reference_": one.reference or one.case.reference,
            "noted": one.noted_at or one.case.noted_at,
        }
        for one in sorted(done, key=lambda one: one.case.id)
    ]
    connection.execute(_WORKED, rows)


_RELEASE = (
    update(cases)
    .where(cases.c.id == bindparam("case"))
    .values(leased_by=None, due_at=bindparam("due", type_=Instant), tries=cases.c.tries + bindparam("more"))
)


def release(connection: Connection, releases: Sequence[Release], worker: str, now: datetime) -> list[datetime | None]:
    """Give cases back; return when each is due next, or None when there is nothing left to do."""
    c = cases.c
    ids = sorted(one.case_id for one in releases)
    mine = select(c.id, c.generation, c.worked).where(c.id.in_(ids), c.leased_by == worker)
    rows = connection.execute(mine.order_by(c.id).with_for_update()).all()
    retries = {one.case_id: one.retry_at for one in releases}
    waiting = outbox.due_of_cases(connection, ids)
    due: dict[str, datetime | None] = {}
    for case_id, generation, done in rows:
        events_due = (retries[case_id] or now) if generation > done else None
        due[case_id] = min(filter(None, (events_due, waiting.get(case_id))), default=None)
    if due:
        changes = [{"case": one, "due": at, "more": int(retries[one] is not None)} for one, at in due.items()]
        connection.execute(_RELEASE, changes)
    return [due.get(one.case_id) for one in releases]


def close(connection: Connection, case_id: str, reason: str, *, state: str = "closed") -> None:
    """End a case: closed when its ticket is gone, stuck when a person must look; the reason is for people."""
    statement = update(cases).where(cases.c.id == case_id)
    connection.execute(statement.values(state=state, reason=reason[:500], worked=cases.c.generation))


def due_before(connection: Connection, worker: str, before: datetime, limit: int = 500) -> list[str]:
    """Return ids of cases that were due before *before* and that no other living worker has."""
    c = cases.c
    query = select(c.id).where(c.due_at < before, _free(worker, before)).order_by(c.due_at).limit(limit)
    return list(connection.execute(query).scalars())


def ended(connection: Connection, state: str) -> list[tuple[str, str, str]]:
    """Return (case id, ticket id, reason) of cases that are closed, or stuck and waiting for a person."""
    query = select(cases.c.id, cases.c.ticket_id, cases.c.reason).where(cases.c.state == state).limit(100)
    return [(row[0], row[1], row[2] or "") for row in connection.execute(query)]
