"""Offer → a note on the ticket, exactly once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from helpdesk_recovery.domain.connection import Connection, Mode, Pilot
from helpdesk_recovery.domain.effect import Effect, EffectKind, EffectState
from helpdesk_recovery.domain.note import Note
from helpdesk_recovery.domain.ticket import Ticket
from helpdesk_recovery.errors import (
    HelpdeskRefused,
    HelpdeskUnavailable,
    TicketGone,
    TicketNotVisible,
    WriteUncertain,
)
from helpdesk_recovery.pipeline.ports import Desk, Written

TOKEN_RETRY = timedelta(minutes=15)
GIVE_UP_AFTER = timedelta(hours=24)
_FIRST_RETRY = 2.0
_LONGEST_RETRY = 900.0


def intend(case_id: str, connection: Connection, ticket: Ticket, note: Note, effect_id: str, now: datetime) -> Effect:
    """Return the effect that writes *note*; withheld at once in shadow, outside the pilot, or where it stands."""
    state, reason = _may_write(connection, ticket, note)
    return Effect(
        id=effect_id,
        case_id=case_id,
        connection=connection.id,
        ticket_id=ticket.id,
        kind=EffectKind.NOTE,
        key=note.reference,
        text=note.text,
        html=note.html,
        state=state,
        tries=0,
        created_at=now,
        due_at=now,
        reason=reason,
    )


def _may_write(connection: Connection, ticket: Ticket, note: Note) -> tuple[EffectState, str | None]:
    if any(note.reference in message.text for message in ticket.messages):
        return EffectState.DONE, "it stands on the ticket already"
    if connection.mode is not Mode.LIVE:
        return EffectState.WITHHELD, "shadow"
    if not in_pilot(connection.pilot, ticket):
        return EffectState.WITHHELD, "outside the pilot"
    return EffectState.INTENDED, None


def in_pilot(pilot: Pilot, ticket: Ticket) -> bool:
    """Tell whether *ticket* gets notes; a share takes the same tickets every time."""
    if pilot.group is not None and ticket.group != pilot.group:
        return False
    if pilot.tag is not None and pilot.tag not in ticket.tags:
        return False
    if pilot.share is None:
        return True
    return int.from_bytes(hashlib.sha256(ticket.id.encode()).digest()[:4], "big") % 100 < pilot.share


@dataclass(frozen=True, slots=True)
class Wrote:
    """What became of one try: the new state, when to look again while it is open, and why.

    ``trouble`` is for the operator; ``retry_after`` is in seconds; ``gone`` means the ticket is no more.
    """

    state: EffectState
    due_at: datetime | None = None
    reason: str | None = None
    written: Written | None = None
    trouble: str | None = None
    retry_after: float | None = None
    gone: bool = False


async def write(effect: Effect, desk: Desk, settle: timedelta, now: datetime) -> Wrote:
    """Write the note once. A lost answer becomes UNKNOWN, due after *settle*: never a blind second try."""
    note = Note(effect.text, effect.html, effect.key)
    try:
        return Wrote(EffectState.DONE, written=await desk.add_note(effect.ticket_id, note))
    except WriteUncertain as error:
        wait = max(settle, timedelta(seconds=error.retry_after or 0.0))
        return Wrote(EffectState.UNKNOWN, now + wait, str(error), trouble=str(error), retry_after=error.retry_after)
    except (TicketNotVisible, HelpdeskUnavailable, HelpdeskRefused) as error:
        return _failed(effect, error, now)


async def reconcile(effect: Effect, desk: Desk, now: datetime) -> Wrote:
    """After an uncertain write, read back: it stands there (DONE), or it may be sent again (INTENDED)."""
    try:
        found = await desk.find_written(effect.ticket_id, effect.key)
    except (TicketNotVisible, HelpdeskUnavailable, HelpdeskRefused) as error:
        failed = _failed(effect, error, now)
        return replace(failed, state=EffectState.UNKNOWN) if failed.due_at else failed
    if found is None:
        return Wrote(EffectState.INTENDED, now, "it was not written")
    return Wrote(EffectState.DONE, reason="found when read back", written=found)


def _failed(effect: Effect, error: HelpdeskUnavailable | HelpdeskRefused, now: datetime) -> Wrote:
    words = str(error)
    if isinstance(error, TicketGone):
        return Wrote(EffectState.REFUSED, reason=words, gone=True)
    if isinstance(error, HelpdeskUnavailable):
        wait = timedelta(seconds=error.retry_after if error.retry_after is not None else backoff(effect.tries))
        return Wrote(EffectState.INTENDED, now + wait, words, trouble=words, retry_after=error.retry_after)
    if error.reason == "token":
        return Wrote(EffectState.INTENDED, now + TOKEN_RETRY, words, trouble=words)
    return Wrote(EffectState.REFUSED, reason=words, trouble=words)


def backoff(tries: int) -> float:
    """Return the seconds to wait after *tries* failures: 2, 4, 8 … at most 15 minutes."""
    return float(min(_FIRST_RETRY * 2 ** min(tries, 20), _LONGEST_RETRY))
