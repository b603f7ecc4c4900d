"""The whole line on one page.

delivery ─ receive ─► event ─ gather ─► ticket ─ assess ─► assessment ─ decide ─► decision
         ─ propose ─► offer ─ write_back ─► note on the ticket ─ observe ─► what came of it
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from helpdesk_recovery.assess import assess
from helpdesk_recovery.domain.assessment import Assessment
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.decision import Decision
from helpdesk_recovery.domain.note import Note
from helpdesk_recovery.domain.offer import Offer
from helpdesk_recovery.domain.ticket import Ticket, TicketEvent
from helpdesk_recovery.pipeline.gather import gather
from helpdesk_recovery.pipeline.ports import Desk
from helpdesk_recovery.pipeline.propose import Earlier, propose
from helpdesk_recovery.policy.decide import decide
from helpdesk_recovery.policy.document import Pack
from helpdesk_recovery.wording.note import render_note


@dataclass(frozen=True, slots=True)
class Walked:
    """What the line made of a ticket. ``offer`` and ``note`` are None when there is nothing new to say."""

    ticket: Ticket
    assessment: Assessment
    decision: Decision
    offer: Offer | None
    note: Note | None


async def walk(
    case_id: str,
    connection: Connection,
    desk: Desk,
    packs: Sequence[Pack],
    ticket_id: str,
    events: Sequence[TicketEvent],
    earlier: Earlier,
    now: datetime,
) -> Walked:
    """Walk one ticket from its events to a note; nothing is written or stored here."""
    ticket = await gather(desk, ticket_id, events)
    return think(case_id, connection, packs, ticket, earlier, now)


def think(
    case_id: str, connection: Connection, packs: Sequence[Pack], ticket: Ticket, earlier: Earlier, now: datetime
) -> Walked:
    """The pure part of the line: the same ticket, policy and history give the same note."""
    assessment = assess(ticket)
    decision = decide(packs, ticket, assessment, currency=connection.currency, facts=ticket.fields)
    offer = propose(case_id, (connection.id, ticket.id), assessment, decision, earlier, now)
    note = None if offer is None else _note(connection, ticket, assessment, offer, earlier, now)
    return Walked(ticket, assessment, decision, offer, note)


def _note(
    connection: Connection, ticket: Ticket, assessment: Assessment, offer: Offer, earlier: Earlier, now: datetime
) -> Note:
    return render_note(
        ticket,
        assessment,
        offer,
        staff_language=connection.staff_language,
        customer_language=assessment.language.code,
        now=now,
        replaces=earlier.noted_at,
        zone=connection.options.get("timezone", "UTC"),
    )
