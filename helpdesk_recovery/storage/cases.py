"""Cases: one per ticket and connection, worked by one worker at a time. All functions take many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Text, bindparam, case, func, or_, select, update

from helpdesk_recovery.domain.effect import Effect
from helpdesk_recovery.domain.ticket import TicketEvent
from helpdesk_recovery.storage import codec, outbox, workers
from helpdesk_recovery.storage.among import among
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


_c = cases.c
_WORKER = bindparam("worker", type_=Text)
_alive = select(workers_table.c.id).where(workers_table.c.seen_at > bindparam("silent", type_=Instant))
_free = or_(_c.leased_by.is_(None), _c.leased_by == _WORKER, _c.leased_by.not_in(_alive))
_due = (
    select(_c.id)
    .where(among(_c.id, "wanted"), _free, _c.due_at <= bindparam("now", type_=Instant))
    .order_by(_c.id)
    .with_for_update(skip_locked=True)
)
_LEASE = update(cases).where(_c.id.in_(_due)).values(leased_by=_WORKER).returning(cases)
_EVENTS = (
    select(case_events.c.case_id, case_events.c.event)
    .join(cases, _c.id == case_events.c.case_id)
    .where(among(case_events.c.case_id, "wanted"), case_events.c.generation > _c.worked)
    .order_by(case_events.c.number)
)


def lease(connection: Connection, case_ids: Sequence[str], worker: str, now: datetime) -> list[Case | None]:
    """Take cases for *worker*; None stands for one that is not due or that another living worker has.

    A worker may take its own lease again: it knows by itself what it has in hand. A row that somebody is changing
    right now is left to them: whoever puts an event on it also asks for it to be worked.
    """
    bound = {"wanted": case_ids, "worker": worker, "now": now, "silent": now - workers.LEASE}
    rows = {row["id"]: row for row in connection.execute(_LEASE, bound).mappings()}
    if not rows:
        return [None] * len(case_ids)
    events = _events(connection, rows)
    waiting = outbox.open_of_cases(connection, list(rows))
    return [_case(rows[one], events.get(one, ()), waiting.get(one, ())) if one in rows else None for one in case_ids]


_HELD = (
    select(_c.id, workers_table.c.seen_at)
    .join(workers_table, _c.leased_by == workers_table.c.id)
    .where(among(_c.id, "wanted"), _c.due_at.is_not(None), _c.leased_by != _WORKER)
)


def held_until(connection: Connection, case_ids: Sequence[str], worker: str) -> list[datetime | None]:
    """Return when another worker's lease on a due case ends unless it beats again; None when nobody holds one."""
    rows = connection.execute(_HELD, {"wanted": case_ids, "worker": worker})
    ends = {case_id: seen_at + workers.LEASE for case_id, seen_at in rows}
    return [ends.get(one) for one in case_ids]


def _events(connection: Connection, rows: Mapping[str, Any]) -> dict[str, tuple[TicketEvent, ...]]:
    """Return the unworked events of leased cases, in the order they came in."""
    found: dict[str, tuple[TicketEvent, ...]] = {}
    for case_id, content in connection.execute(_EVENTS, {"wanted": list(rows)}):
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


_first_effect = outbox.first_due(_c.id)
_events_due = case((_c.generation > _c.worked, bindparam("again", type_=Instant)))
_held = select(_c.id).where(among(_c.id, "given"), _c.leased_by == _WORKER).order_by(_c.id).with_for_update()
_RELEASE = (
    update(cases)
    .where(_c.id.in_(_held))
    .values(
        leased_by=None,
        tries=_c.tries + bindparam("more"),
        due_at=case((_first_effect < _events_due, _first_effect), else_=func.coalesce(_events_due, _first_effect)),
    )
    .returning(_c.id, _c.due_at)
)


def release(connection: Connection, releases: Sequence[Release], worker: str, now: datetime) -> list[datetime | None]:
    """Give cases back; return when each is due next, or None when there is nothing left to do."""
    by_retry: dict[datetime | None, list[str]] = {}
    for one in releases:
        by_retry.setdefault(one.retry_at, []).append(one.case_id)
    if len(by_retry) > 1:
        connection.execute(_held, {"given": [one.case_id for one in releases], "worker": worker})
    due: dict[str, datetime | None] = {}
    for retry_at, ids in by_retry.items():
        bound = {"given": ids, "worker": worker, "again": retry_at or now, "more": int(retry_at is not None)}
        due |= {case_id: due_at for case_id, due_at in connection.execute(_RELEASE, bound)}
    return [due.get(one.case_id) for one in releases]


def close(connection: Connection, case_id: str, reason: str, *, state: str = "closed") -> None:
    """End a case: closed when its ticket is gone, stuck when a person must look; the reason is for people."""
    statement = update(cases).where(cases.c.id == case_id)
    connection.execute(statement.values(state=state, reason=reason[:500], worked=cases.c.generation))


def due_before(connection: Connection, worker: str, before: datetime, limit: int = 500) -> list[str]:
    """Return ids of cases that were due before *before* and that no other living worker has."""
    c = cases.c
    query = select(c.id).where(c.due_at < before, _free).order_by(c.due_at).limit(limit)
    bound = {"worker": worker, "silent": before - workers.LEASE}
    return list(connection.execute(query, bound).scalars())


def ended(connection: Connection, state: str) -> list[tuple[str, str, str]]:
    """Return (case id, ticket id, reason) of cases that are closed, or stuck and waiting for a person."""
    query = select(cases.c.id, cases.c.ticket_id, cases.c.reason).where(cases.c.state == state).limit(100)
    return [(row[0], row[1], row[2] or "") for row in connection.execute(query)]
