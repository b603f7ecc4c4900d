"""The outbox: what we mean to do in helpdesks, and what became of it. All functions take many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from helpdesk_recovery.domain.effect import OPEN_STATES, Effect, EffectKind, EffectState
from helpdesk_recovery.storage.schema import Instant
from helpdesk_recovery.storage.tables import connections, effects

_OPEN = tuple(map(str, OPEN_STATES))


def intend(connection: Connection, intended: Sequence[Effect], now: datetime) -> None:
    """Write down what we mean to do; a key that was there already stays as it is."""
    rows = [_row(effect, now) for effect in intended]
    if connection.dialect.name == "sqlite":
        connection.execute(sqlite.insert(effects).on_conflict_do_nothing(), rows)
    else:
        connection.execute(postgresql.insert(effects).on_conflict_do_nothing(), rows)


def _row(effect: Effect, now: datetime) -> dict[str, Any]:
    return {
        "id": effect.id,
        "case_id": effect.case_id,
        "connection_id": effect.connection,
        "ticket_id": effect.ticket_id,
        "kind": str(effect.kind),
        "key": effect.key,
        "text": effect.text,
        "html": effect.html,
        "state": str(effect.state),
        "tries": effect.tries,
        "created_at": effect.created_at,
        "due_at": effect.due_at,
        "reason": effect.reason,
        "settled_at": None if effect.state in OPEN_STATES else now,
    }


def open_of_cases(connection: Connection, case_ids: Sequence[str]) -> dict[str, tuple[Effect, ...]]:
    """Return the effects that are not final by case, oldest first."""
    found: dict[str, tuple[Effect, ...]] = {}
    query = select(effects).where(effects.c.case_id.in_(case_ids), effects.c.state.in_(_OPEN)).order_by(effects.c.id)
    for row in connection.execute(query).mappings():
        found[row["case_id"]] = (*found.get(row["case_id"], ()), _effect(row))
    return found


def of_case(connection: Connection, case_id: str) -> list[Effect]:
    """Return all effects of a case, oldest first."""
    query = select(effects).where(effects.c.case_id == case_id).order_by(effects.c.id)
    return [_effect(row) for row in connection.execute(query).mappings()]


def due_of_cases(connection: Connection, case_ids: Sequence[str]) -> dict[str, datetime]:
    """Return when each case's next open effect is due."""
    query = (
        select(effects.c.case_id, func.min(effects.c.due_at))
        .where(effects.c.case_id.in_(case_ids), effects.c.state.in_(_OPEN))
        .group_by(effects.c.case_id)
    )
    return {case_id: due for case_id, due in connection.execute(query)}


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
