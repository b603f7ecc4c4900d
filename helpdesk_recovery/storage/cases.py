"""Cases: one per ticket and connection, worked by one worker at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, update

from helpdesk_recovery.domain.ticket import TicketEvent
from helpdesk_recovery.storage import codec, workers
from helpdesk_recovery.storage.ids import new_id
from helpdesk_recovery.storage.tables import case_events, cases, effects


@dataclass(frozen=True, slots=True)
class Case:
    """A leased case. Events up to ``generation`` are in; those after ``worked`` wait to be worked."""

    id: str
    account: str
    connection_id: str
    ticket_id: str
    generation: int
    worked: int
    tries: int
    created_at: datetime
    action: str | None
    reference: str | None
    noted_at: datetime | None


def record_event(
    connection: Connection, account: str, connection_id: str, event: TicketEvent, now: datetime
) -> tuple[str, bool]:
    """Put *event* on its case, making the case if need be; return (case id, whether the event was new)."""
    known = select(case_events.c.case_id).where(
        case_events.c.connection_id == connection_id, case_events.c.key == event.key
    )
    if (case_id := connection.execute(known).scalar()) is not None:
        return case_id, False
    case_id, generation = _raise_generation(connection, account, connection_id, event.ticket_id, now)
    values = {"case_id": case_id, "connection_id": connection_id, "key": event.key, "generation": generation}
    connection.execute(insert(case_events).values(**values, event=codec.dump(event)))
    return case_id, True


def _raise_generation(
    connection: Connection, account: str, connection_id: str, ticket_id: str, now: datetime
) -> tuple[str, int]:
    """Lock the case by raising its generation; make it when there is none."""
    c = cases.c
    statement = (
        update(cases)
        .where(c.connection_id == connection_id, c.ticket_id == ticket_id)
        .values(generation=c.generation + 1, updated_at=now, due_at=now, tries=0, state="open", reason=None)
        .returning(c.id, c.generation)
    )
    if (row := connection.execute(statement).first()) is not None:
        return row[0], row[1]
    case_id = new_id("case")
    connection.execute(
        insert(cases).values(
            id=case_id,
            account_id=account,
            connection_id=connection_id,
            ticket_id=ticket_id,
            state="open",
            created_at=now,
            updated_at=now,
            due_at=now,
            generation=1,
            worked=0,
        )
    )
    return case_id, 1


def exists(connection: Connection, connection_id: str, ticket_id: str) -> bool:
    """Tell whether this ticket has a case."""
    query = select(cases.c.id).where(cases.c.connection_id == connection_id, cases.c.ticket_id == ticket_id)
    return connection.execute(query).first() is not None


def lease(connection: Connection, case_id: str, worker: str, now: datetime) -> Case | None:
    """Take *case_id* for *worker*, or return None when it is not due or another living worker has it.

    A worker may take its own lease again: it knows by itself what it has in hand.
    """
    c = cases.c
    free = or_(c.leased_by.is_(None), c.leased_by == worker, c.leased_by.not_in(workers.alive(now)))
    statement = update(cases).where(c.id == case_id, free, c.due_at <= now).values(leased_by=worker)
    row = connection.execute(statement.returning(cases)).mappings().first()
    return _case(row) if row else None


def _case(row: Any) -> Case:
    return Case(
        id=row["id"],
        account=row["account_id"],
        connection_id=row["connection_id"],
        ticket_id=row["ticket_id"],
        generation=row["generation"],
        worked=row["worked"],
        tries=row["tries"],
        created_at=row["created_at"],
        action=row["action"],
        reference=row["reference"],
        noted_at=row["noted_at"],
    )


def events(connection: Connection, case: Case) -> list[TicketEvent]:
    """Return the case's events that nobody has worked yet, in the order they came in."""
    query = (
        select(case_events.c.event)
        .where(case_events.c.case_id == case.id, case_events.c.generation > case.worked)
        .where(case_events.c.generation <= case.generation)
        .order_by(case_events.c.number)
    )
    return [codec.load(TicketEvent, content) for content in connection.execute(query).scalars()]


def worked(connection: Connection, case: Case, **changes: Any) -> None:
    """Say that every event the case was leased with is worked; *changes* go onto the case's row."""
    values = {"worked": case.generation, "tries": 0, **changes}
    connection.execute(update(cases).where(cases.c.id == case.id).values(**values))


def release(
    connection: Connection, case_id: str, worker: str, now: datetime, retry_at: datetime | None = None
) -> datetime | None:
    """Give the case back; return when it is due next, or None when there is nothing left to do.

    With *retry_at* the events could not be worked now and wait until then; the tries are counted.
    """
    mine = (cases.c.id == case_id) & (cases.c.leased_by == worker)
    row = connection.execute(select(cases.c.generation, cases.c.worked, cases.c.tries).where(mine)).first()
    if row is None:
        return None
    generation, done, tries = row
    due = (retry_at or now) if generation > done else None
    outbox = _effects_due(connection, case_id)
    due = min(filter(None, (due, outbox)), default=None)
    tries = tries + 1 if retry_at else tries
    connection.execute(update(cases).where(mine).values(leased_by=None, due_at=due, tries=tries))
    return due


def _effects_due(connection: Connection, case_id: str) -> datetime | None:
    query = select(func.min(effects.c.due_at)).where(
        effects.c.case_id == case_id, effects.c.state.in_(("intended", "sending", "unknown"))
    )
    due: datetime | None = connection.execute(query).scalar()
    return due


def close(connection: Connection, case_id: str, reason: str) -> None:
    """Close a case whose ticket is gone or can't be worked; the reason is for people."""
    statement = update(cases).where(cases.c.id == case_id)
    connection.execute(statement.values(state="closed", reason=reason, worked=cases.c.generation))


def due_before(connection: Connection, worker: str, before: datetime, limit: int = 500) -> list[str]:
    """Return ids of cases that were due before *before* and that no other living worker has."""
    c = cases.c
    query = (
        select(cases.c.id)
        .where(cases.c.due_at < before)
        .where(or_(c.leased_by.is_(None), c.leased_by == worker, c.leased_by.not_in(workers.alive(before))))
        .order_by(cases.c.due_at)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def trouble(connection: Connection, names: Sequence[str] = ("stuck",)) -> list[tuple[str, str, str]]:
    """Return (case id, ticket id, reason) of cases that a person must look at."""
    query = select(cases.c.id, cases.c.ticket_id, cases.c.reason).where(cases.c.state.in_(names)).limit(100)
    return [(row[0], row[1], row[2] or "") for row in connection.execute(query)]


def stick(connection: Connection, case: Case, reason: str) -> None:
    """Give up on a case's events after a day of trying; a person must look (``doctor`` says so)."""
    statement = update(cases).where(cases.c.id == case.id)
    connection.execute(statement.values(state="stuck", reason=reason, worked=case.generation))
