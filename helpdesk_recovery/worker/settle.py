"""Store what became of writes: the effects' states, the connections' breakers, what we learnt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.effect import Effect, EffectState
from helpdesk_recovery.pipeline.write_back import GIVE_UP_AFTER, Wrote
from helpdesk_recovery.storage import cases, connections, outbox, sending
from helpdesk_recovery.storage.cases import Release
from helpdesk_recovery.storage.outbox import Move


@dataclass(frozen=True, slots=True)
class Sent:
    """One try of one effect."""

    connection: Connection
    effect: Effect
    wrote: Wrote


@dataclass(frozen=True, slots=True)
class Turn:
    """A case that was worked: how it is given back, and the try that is still to be settled."""

    release: Release
    sent: Sent | None = None


def settle(sql: Any, sent: Sequence[Sent], now: datetime) -> list[bool]:
    """Store many tries; return for each whether the effect is final now."""
    final = _move_effects(sql, sent, now)
    _tell_connections(sql, sent, now)
    return final


def give_back(sql: Any, turns: Sequence[Turn], worker: str, now: datetime) -> list[datetime | None]:
    """Settle what the turns sent and give their cases back; return when each is due next.

    Rows are locked in everybody's order: effects, cases, connections. Taking in deliveries ends at connections too.
    """
    sent = [turn.sent for turn in turns if turn.sent is not None]
    if sent:
        _move_effects(sql, sent, now)
    due = cases.release(sql, [turn.release for turn in turns], worker, now)
    _tell_connections(sql, sent, now)
    return due


def _move_effects(sql: Any, sent: Sequence[Sent], now: datetime) -> list[bool]:
    moves = [_move(one, now) for one in sent]
    outbox.move(sql, moves, now)
    for one in sent:
        if one.wrote.gone:
            cases.close(sql, one.effect.case_id, one.wrote.reason or "the ticket is gone")
    return [move.state not in (EffectState.INTENDED, EffectState.UNKNOWN) for move in moves]


def _tell_connections(sql: Any, sent: Sequence[Sent], now: datetime) -> None:
    worked = {one.connection.id for one in sent if one.wrote.state is EffectState.DONE}
    if worked:
        sending.connections_worked(sql, sorted(worked))
    for one in sent:
        if one.wrote.trouble:
            sending.connection_failed(sql, one.connection.id, now, one.wrote.trouble, one.wrote.retry_after)
    for connection_id, author in sorted(set(filter(None, map(_learnt, sent)))):
        connections.learn_option(sql, connection_id, "bot_user", author)


def _learnt(sent: Sent) -> tuple[str, str] | None:
    """Return the connection and who we are there, when the answer told and we did not know."""
    author = sent.wrote.written.author_id if sent.wrote.written else None
    known = sent.connection.options.get("bot_user")
    return (sent.connection.id, author) if author and author != known else None


def _move(sent: Sent, now: datetime) -> Move:
    wrote = sent.wrote
    external = wrote.written.external_id if wrote.written else None
    if wrote.state is EffectState.DONE:
        return Move(sent.effect.id, EffectState.DONE, now, wrote.reason, external)
    if wrote.state is EffectState.REFUSED or wrote.due_at is None:
        return Move(sent.effect.id, EffectState.REFUSED, now, wrote.reason)
    if now - sent.effect.created_at > GIVE_UP_AFTER:
        return Move(sent.effect.id, EffectState.DEAD, now, wrote.reason)
    return Move(sent.effect.id, wrote.state, wrote.due_at, wrote.reason)
