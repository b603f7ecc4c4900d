"""The outbox. What may be sent now is decided in the transaction that claims it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, select, update

from helpdesk_recovery.domain.connection import Mode
from helpdesk_recovery.domain.effect import OPEN_STATES, Effect, EffectKind, EffectState
from helpdesk_recovery.storage import switch
from helpdesk_recovery.storage.tables import connections, effects

_OPEN = ("intended", "sending", "unknown")
_WINDOW = timedelta(minutes=1)
PROBE = timedelta(seconds=30)
_PAUSE_CHECK = timedelta(seconds=10)


def intend(connection: Connection, effect: Effect, now: datetime) -> bool:
    """Write down what we mean to do; False when this key was there already (then nothing changes)."""
    same = (
        (effects.c.connection_id == effect.connection)
        & (effects.c.ticket_id == effect.ticket_id)
        & (effects.c.key == effect.key)
    )
    if connection.execute(select(effects.c.id).where(same)).first():
        return False
    values = {
        "id": effect.id,
        "case_id": effect.case_id,
        "connection_id": effect.connection,
        "ticket_id": effect.ticket_id,
        "kind": str(effect.kind),
        "key": effect.key,
        "text": effect.text,
        "html": effect.html,
        "state": str(effect.state),
        "tries": 0,
        "created_at": effect.created_at,
        "due_at": effect.due_at,
        "reason": effect.reason,
        "settled_at": None if effect.state in OPEN_STATES else now,
    }
    connection.execute(insert(effects).values(**values))
    return True


def open_of_case(connection: Connection, case_id: str) -> list[Effect]:
    """Return the effects of a case that are not final, oldest first."""
    query = select(effects).where(effects.c.case_id == case_id, effects.c.state.in_(_OPEN)).order_by(effects.c.id)
    return [_effect(row) for row in connection.execute(query).mappings()]


def of_case(connection: Connection, case_id: str) -> list[Effect]:
    """Return all effects of a case, oldest first."""
    query = select(effects).where(effects.c.case_id == case_id).order_by(effects.c.id)
    return [_effect(row) for row in connection.execute(query).mappings()]


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
class Claim:
    """Whether an effect may be sent now; else ``wait_until``, or neither when it was withheld."""

    granted: bool
    wait_until: datetime | None = None


def claim(connection: Connection, effect: Effect, now: datetime) -> Claim:
    """Claim *effect* for sending: kill switch, breaker and rate limit are read under the connection's row lock."""
    query = select(connections).where(connections.c.id == effect.connection).with_for_update()
    row = connection.execute(query).mappings().one()
    if row["mode"] != Mode.LIVE:
        settle(connection, effect.id, EffectState.WITHHELD, now, reason="the connection went into shadow")
        return Claim(granted=False)
    wait_until = _wait_until(connection, row, now)
    if wait_until is not None:
        _postpone(connection, effect.id, wait_until)
        return Claim(granted=False, wait_until=wait_until)
    _count_write(connection, row, now)
    sending = update(effects).where(effects.c.id == effect.id)
    connection.execute(sending.values(state="sending", tries=effects.c.tries + 1, sent_at=now))
    return Claim(granted=True)


def _wait_until(connection: Connection, row: Any, now: datetime) -> datetime | None:
    if switch.is_paused(connection):
        return now + _PAUSE_CHECK
    if row["paused_until"] and row["paused_until"] > now:
        return row["paused_until"]  # type: ignore[no-any-return]
    window = row["window_at"]
    if window and window + _WINDOW > now and row["window_writes"] >= row["writes_per_minute"]:
        return window + _WINDOW  # type: ignore[no-any-return]
    return None


def _count_write(connection: Connection, row: Any, now: datetime) -> None:
    """Count one write in the minute's window; after a pause let a single probe through first."""
    fresh = row["window_at"] is None or row["window_at"] + _WINDOW <= now
    values: dict[str, Any] = {
        "window_at": now if fresh else row["window_at"],
        "window_writes": 1 if fresh else row["window_writes"] + 1,
    }
    if row["paused_until"] is not None:
        values["paused_until"] = now + PROBE
    connection.execute(update(connections).where(connections.c.id == row["id"]).values(**values))


def _postpone(connection: Connection, effect_id: str, until: datetime) -> None:
    connection.execute(update(effects).where(effects.c.id == effect_id).values(due_at=until))


def settle(
    connection: Connection,
    effect_id: str,
    state: EffectState,
    now: datetime,
    *,
    reason: str | None = None,
    external_id: str | None = None,
) -> None:
    """Give an effect its final state."""
    values = {"state": str(state), "settled_at": now, "reason": reason, "external_id": external_id}
    connection.execute(update(effects).where(effects.c.id == effect_id).values(**values))


def again(connection: Connection, effect_id: str, state: EffectState, due_at: datetime, reason: str) -> None:
    """Keep an effect open: to be sent again, or to be looked for in the thread first (UNKNOWN)."""
    values = {"state": str(state), "due_at": due_at, "reason": reason}
    connection.execute(update(effects).where(effects.c.id == effect_id).values(**values))


def connection_worked(connection: Connection, connection_id: str) -> None:
    """A write went well: close the breaker."""
    closed = {"paused_until": None, "failures": 0, "trouble": None}
    connection.execute(update(connections).where(connections.c.id == connection_id).values(**closed))


_OPENS_AFTER = 5
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(minutes=15)


def connection_failed(
    connection: Connection, connection_id: str, now: datetime, trouble: str, retry_after: float | None
) -> None:
    """A call failed: obey Retry-After, and open the breaker after five failures in a row."""
    c = connections.c
    failures = connection.execute(select(c.failures).where(c.id == connection_id).with_for_update()).scalar_one() + 1
    values: dict[str, Any] = {"failures": failures, "trouble": trouble[:500]}
    if retry_after is not None:
        values["paused_until"] = now + timedelta(seconds=retry_after)
    elif failures >= _OPENS_AFTER:
        values["paused_until"] = now + min(_FIRST_PAUSE * 2 ** (failures - _OPENS_AFTER), _LONGEST_PAUSE)
    connection.execute(update(connections).where(c.id == connection_id).values(**values))


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
