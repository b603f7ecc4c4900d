"""Whether an effect may be sent now: kill switch, shadow, breaker and rate limit, read where it is claimed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from helpdesk_recovery.domain.connection import Mode
from helpdesk_recovery.domain.effect import Effect, EffectState
from helpdesk_recovery.storage import switch
from helpdesk_recovery.storage.among import among
from helpdesk_recovery.storage.outbox import Move, intend, move
from helpdesk_recovery.storage.schema import Instant
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
    claims = _ask(connection, wanted, now)
    _store(connection, list(zip(wanted, claims, strict=True)), now)
    return claims


def intend_and_claim(connection: Connection, intended: Sequence[Effect], now: datetime) -> set[str]:
    """Write new effects down, claimed already where they may be sent now; return the ids of those.

    One whose key is there already is neither written nor claimed.
    """
    claims = _ask(connection, intended, now)
    claimed = [_as_claimed(effect, given, now) for effect, given in zip(intended, claims, strict=True)]
    new = intend(connection, claimed, now)
    return {effect.id for effect in claimed if effect.state is EffectState.SENDING} & new


def _as_claimed(effect: Effect, given: Claim, now: datetime) -> Effect:
    if given.granted:
        return replace(effect, state=EffectState.SENDING, tries=effect.tries + 1, sent_at=now)
    later = _not_now(effect, given, now)
    return replace(effect, state=later.state, due_at=later.due_at, reason=later.reason)


_c = connections.c
_GATES = (
    select(_c.id, _c.mode, _c.paused_until, _c.window_at, _c.window_writes, _c.writes_per_minute)
    .where(among(_c.id, "wanted"))
    .order_by(_c.id)
    .with_for_update()
)


def _ask(connection: Connection, wanted: Sequence[Effect], now: datetime) -> list[Claim]:
    """Ask for each whether it may be sent now; what is granted is counted."""
    ids = sorted({effect.connection for effect in wanted})
    gates = {row["id"]: _Gate(row, now) for row in connection.execute(_GATES, {"wanted": ids}).mappings()}
    paused = now + _PAUSE_CHECK if switch.is_paused(connection) else None
    claims = [gates[effect.connection].ask(paused) for effect in wanted]
    for gate in gates.values():
        gate.store(connection)
    return claims


_COUNT = (
    update(connections)
    .where(_c.id == bindparam("which"))
    .values(
        window_at=bindparam("began", type_=Instant),
        window_writes=bindparam("writes"),
        paused_until=bindparam("until", type_=Instant),
    )
)


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
            counts = {"began": self._window_at, "writes": self._writes, "until": self._paused_until}
            connection.execute(_COUNT, {"which": self._row["id"], **counts})


def _store(connection: Connection, claims: Sequence[tuple[Effect, Claim]], now: datetime) -> None:
    granted = [effect.id for effect, given in claims if given.granted]
    if granted:
        sending = update(effects).where(among(effects.c.id, granted))
        connection.execute(sending.values(state="sending", tries=effects.c.tries + 1, sent_at=now))
    moves = [_not_now(effect, given, now) for effect, given in claims if not given.granted]
    if moves:
        move(connection, moves, now)


def _not_now(effect: Effect, given: Claim, now: datetime) -> Move:
    if given.wait_until is None:
        return Move(effect.id, EffectState.WITHHELD, now, "the connection went into shadow")
    return Move(effect.id, EffectState.INTENDED, given.wait_until, "waiting for its turn")


_troubled = or_(_c.failures > 0, _c.paused_until.is_not(None), _c.trouble.is_not(None))
_WORKED = update(connections).where(among(_c.id, "well"), _troubled).values(paused_until=None, failures=0, trouble=None)


def connections_worked(connection: Connection, connection_ids: Sequence[str]) -> None:
    """Writes went well: close the breakers that are not closed."""
    connection.execute(_WORKED, {"well": sorted(connection_ids)})


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
