"""The outbox: what we mean to do in helpdesks, and what became of it. All functions take many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, bindparam, func, select, update

from helpdesk_recovery.domain.effect import OPEN_STATES, Effect, EffectKind, EffectState
from helpdesk_recovery.storage.among import among
from helpdesk_recovery.storage.bulk import insert_rows
from helpdesk_recovery.storage.schema import Instant, micros
from helpdesk_recovery.storage.tables import connections, effects

_OPEN = tuple(map(str, OPEN_STATES))


_INTENDED: tuple[str, ...] = ("id", "case_id", "connection_id", "ticket_id", "kind", "key", "text", "html", "state")
_INTENDED += ("tries", "created_at", "due_at", "sent_at", "settled_at", "reason")


def intend(connection: Connection, intended: Sequence[Effect], now: datetime) -> set[str]:
    """Write down what we mean to do; a key that was there already stays as it is. Return the ids of the new ones."""
    rows = [_row(effect, now) for effect in intended]
    return set(insert_rows(connection, effects, _INTENDED, rows, skip_known=True, returning="id"))


def _row(effect: Effect, now: datetime) -> tuple[Any, ...]:
    sent = None if effect.sent_at is None else micros(effect.sent_at)
    settled = None if effect.state in OPEN_STATES else micros(now)
    what = (str(effect.kind), effect.key, effect.text, effect.html, str(effect.state), effect.tries)
    when = (micros(effect.created_at), micros(effect.due_at), sent, settled)
    return (effect.id, effect.case_id, effect.connection, effect.ticket_id, *what, *when, effect.reason)


_OPEN_OF_CASES = (
    select(effects).where(among(effects.c.case_id, "wanted"), effects.c.state.in_(_OPEN)).order_by(effects.c.id)
)


def open_of_cases(connection: Connection, case_ids: Sequence[str]) -> dict[str, tuple[Effect, ...]]:
    """Return the effects that are not final by case, oldest first."""
    found: dict[str, tuple[Effect, ...]] = {}
    for row in connection.execute(_OPEN_OF_CASES, {"wanted": case_ids}).mappings():
        found[row["case_id"]] = (*found.get(row["case_id"], ()), _effect(row))
    return found


def of_case(connection: Connection, case_id: str) -> list[Effect]:
    """Return all effects of a case, oldest first."""
    query = select(effects).where(effects.c.case_id == case_id).order_by(effects.c.id)
    return [_effect(row) for row in connection.execute(query).mappings()]


def first_due(case_id: ColumnElement[str]) -> ScalarSelect[Any]:
    """Return when a case's oldest open effect is due, as a subquery: they are sent in order."""
    query = select(effects.c.due_at).where(effects.c.case_id == case_id, effects.c.state.in_(_OPEN))
    return query.order_by(effects.c.id).limit(1).scalar_subquery()


def _effect(row: Any) -> Effect:
    return Effect(
        id=row["id"],
        case_id=row["case_id"],
        connection=row["connection_id"],
        ticket_id=row["ticket_id"],
        kind=EffectKind(row["kind"]),
        key=row["key"],
        text=row["text"],
        html=row["html"],
        state=EffectState(row["state"]),
        tries=row["tries"],
        created_at=row["created_at"],
        due_at=row["due_at"],
        sent_at=row["sent_at"],
        reason=row["reason"],
        external_id=row["external_id"],
    )


@dataclass(frozen=True, slots=True)
class Move:
    """An effect's new state. While it is open ``due_at`` says when to look again."""

    effect_id: str
    state: EffectState
    due_at: datetime
    reason: str | None = None
    external_id: str | None = None


_MOVE = (
    update(effects)
    .where(effects.c.id == bindparam("effect"))
    .values(
        state=bindparam("to"),
        due_at=bindparam("due", type_=Instant),
        settled_at=bindparam("settled", type_=Instant),
        reason=bindparam("why"),
        external_id=func.coalesce(bindparam("external"), effects.c.external_id),
    )
)


def move(connection: Connection, moves: Sequence[Move], now: datetime) -> None:
    """Give effects their new states."""
    rows = [
        {
            "effect": one.effect_id,
            "to": str(one.state),
            "due": one.due_at,
            "settled": None if one.state in OPEN_STATES else now,
            "why": one.reason,
            "external": one.external_id,
        }
        for one in sorted(moves, key=lambda one: one.effect_id)
    ]
    connection.execute(_MOVE, rows)


def dead_letters(connection: Connection) -> list[tuple[str, str, str, str]]:
    """Return (effect id, connection's name, ticket id, reason) of what could not be done."""
    query = (
        select(effects.c.id, connections.c.name, effects.c.ticket_id, effects.c.reason)
        .join(connections, connections.c.id == effects.c.connection_id)
        .where(effects.c.state.in_(("refused", "dead")))
        .limit(100)
    )
    return [(row[0], row[1], row[2], row[3] or "") for row in connection.execute(query)]


def doubt_all(connection: Connection) -> None:
    """After a restore: what was open may have been written since the backup, so the thread is read first."""
    connection.execute(update(effects).where(effects.c.state.in_(_OPEN)).values(state="unknown"))


def noted_tickets(connection: Connection) -> set[str]:
    """Return the ids of tickets that carry a note of ours."""
    return set(connection.execute(select(effects.c.ticket_id).where(effects.c.state == "done")).scalars())
