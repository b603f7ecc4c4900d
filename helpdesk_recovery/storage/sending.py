"""Whether an effect may be sent now: kill switch, shadow, breaker and rate limit, read where it is claimed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, or_, select, update

from helpdesk_recovery.domain.connection import Mode
from helpdesk_recovery.domain.effect import Effect, EffectState
from helpdesk_recovery.storage import switch
from helpdesk_recovery.storage.outbox import Move, move
from helpdesk_recovery.storage.tables import connections, effects

PROBE = timedelta(seconds=30)
_WINDOW = timedelta(minutes=1)
_PAUSE_CHECK = timedelta(seconds=10)
_OPENS_AFTER = 5
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Claim:
    """Whether an effect may be sent now; else ``wait_until``, or neither when it was withheld for good."""

    granted: bool
    wait_until: datetime | None = None


def claim(connection: Connection, wanted: Sequence[Effect], now: datetime) -> list[Claim]:
    """Claim effects for sending, each connection's under its row lock."""
    ids = sorted({effect.connection for effect in wanted})
    query = select(connections).where(connections.c.id.in_(ids)).order_by(connections.c.id).with_for_update()
    gates = {row["id"]: _Gate(row, now) for row in connection.execute(query).mappings()}
    paused = now + _PAUSE_CHECK if switch.is_paused(connection) else None
    claims = [gates[effect.connection].ask(paused) for effect in wanted]
    _store(connection, list(zip(wanted, claims, strict=True)), now)
    for gate in gates.values():
        gate.store(connection)
    return claims


class _Gate:
    """One connection's rate limit and breaker, as they stand while its row is locked."""

    def __init__(self, row: Any, now: datetime) -> None:
        self._row = row
        self._now = now
        self._paused_until: datetime | None = row["paused_until"]
        fresh = row["window_at"] is None or row["window_at"] + _WINDOW <= now
        self._window_at: datetime = now if fresh else row["window_at"]
        self._writes: int = 0 if fresh else row["window_writes"]
        self._granted = 0

    def ask(self, switched_off_until: datetime | None) -> Claim:
        """May one more be sent? After a pause a single probe goes through first."""
        if self._row["mode"] != Mode.LIVE:
            return Claim(granted=False)
        if switched_off_until:
            return Claim(False, switched_off_until)
        if self._paused_until and self._paused_until > self._now:
            return Claim(False, self._paused_until)
        if self._writes >= self._row["writes_per_minute"]:
            return Claim(False, self._window_at + _WINDOW)
        if self._paused_until:
            self._paused_until = self._now + PROBE
        self._writes += 1
        self._granted += 1
        return Claim(granted=True)

    def store(self, connection: Connection) -> None:
        """Write the counts down if anything was granted."""
        if self._granted:
            values = {
                "window_at": self._window_at,
                "window_writes": self._writes,
                "paused_until": self._paused_until,
            }
            connection.execute(update(connections).where(connections.c.id == self._row["id"]).values(**values))


def _store(connection: Connection, claims: Sequence[tuple[Effect, Claim]], now: datetime) -> None:
    granted = [effect.id for effect, given in claims if given.granted]
    if granted:
        sending = update(effects).where(effects.c.id.in_(granted))
        connection.execute(sending.values(state="sending", tries=effects.c.tries + 1, sent_at=now))
    moves = [_not_now(effect, given, now) for effect, given in claims if not given.granted]
    if moves:
        move(connection, moves, now)


def _not_now(effect: Effect, given: Claim, now: datetime) -> Move:
    if given.wait_until is None:
        return Move(effect.id, EffectState.WITHHELD, now, "the connection went into shadow")
    return Move(effect.id, EffectState.INTENDED, given.wait_until, "waiting for its turn")


def connections_worked(connection: Connection, connection_ids: Sequence[str]) -> None:
    """Writes went well: close the breakers that are not closed."""
    c = connections.c
    troubled = or_(c.failures > 0, c.paused_until.is_not(None), c.trouble.is_not(None))
    closed = {"paused_until": None, "failures": 0, "trouble": None}
    connection.execute(update(connections).where(c.id.in_(sorted(connection_ids)), troubled).values(**closed))


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
