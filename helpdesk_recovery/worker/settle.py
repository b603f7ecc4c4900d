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
from helpdesk_recovery.storage.outbox import Move


@dataclass(frozen=True, slots=True)
class Sent:
    """One try of one effect."""

    connection: Connection
    effect: Effect
    wrote: Wrote


def settle(sql: Any, sent: Sequence[Sent], now: datetime) -> list[bool]:
    """Store many tries; return for each whether the effect is final now."""
    moves = [_move(one, now) for one in sent]
    outbox.move(sql, moves, now)
    worked = {one.connection.id for one in sent if one.wrote.state is EffectState.DONE}
    if worked:
        sending.connections_worked(sql, sorted(worked))
    for one in sent:
        _consequences(sql, one, now)
    return [move.state not in (EffectState.INTENDED, EffectState.UNKNOWN) for move in moves]


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


def _consequences(sql: Any, sent: Sent, now: datetime) -> None:
    wrote = sent.wrote
    if wrote.trouble:
        sending.connection_failed(sql, sent.connection.id, now, wrote.trouble, wrote.retry_after)
    if wrote.gone:
        cases.close(sql, sent.effect.case_id, wrote.reason or "the ticket is gone")
    author = wrote.written.author_id if wrote.written else None
    if author and sent.connection.options.get("bot_user") != author:
        connections.learn_option(sql, sent.connection.id, "bot_user", author)
