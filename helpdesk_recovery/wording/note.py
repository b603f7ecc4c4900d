"""The internal note that an agent reads beside the ticket, written as if the customer will read it too."""

from __future__ import annotations

from datetime import datetime

from helpdesk_recovery.domain.assessment import Assessment
from helpdesk_recovery.domain.decision import Outcome
from helpdesk_recovery.domain.note import Note
from helpdesk_recovery.domain.offer import Offer
from helpdesk_recovery.domain.ticket import Ticket
from helpdesk_recovery.wording import dates, lines
from helpdesk_recovery.wording.catalogue import catalogue
from helpdesk_recovery.wording.context import NoteContext
from helpdesk_recovery.wording.draft import draft
from helpdesk_recovery.wording.dress import NoteLine, as_html, as_text
from helpdesk_recovery.wording.head import head


def render_note(
    ticket: Ticket,
    assessment: Assessment,
    offer: Offer,
    *,
    staff_language: str,
    customer_language: str,
    now: datetime,
    replaces: datetime | None = None,
    zone: str = "UTC",
) -> Note:
    """Write the note for *offer*: at most 12 lines, the same input giving the same bytes.

    The frame is in *staff_language*, quotes as written, the draft reply in *customer_language*; a language
    without a catalogue becomes English. *replaces* is when an earlier note was written. Times are shown in
    *zone*, an IANA name.
    """
    staff, customer = catalogue(staff_language), catalogue(customer_language)
    note = NoteContext(ticket, assessment, offer.decision, staff, customer, now, zone)
    first, *rest = head(note)
    paragraphs = [
        [NoteLine(first.lead, first.body, _before(note, replaces)), *rest],
        [line for line in _reasons(note) if line],
        [NoteLine(staff.say("label.draft"), draft(note))],
        [_act(note), NoteLine("Ref", offer.reference)],
    ]
    return Note(as_text(paragraphs), as_html(paragraphs), offer.reference)


def _before(note: NoteContext, replaces: datetime | None) -> str:
    if replaces is None:
        return ""
    return dates.replaces(replaces, note.now, note.staff.language, note.zone) + " "


def _reasons(note: NoteContext) -> tuple[NoteLine | None, ...]:
    if note.decision.outcome is Outcome.CARE:
        return lines.why(note), lines.asks(note), lines.to_check(note)
    told = lines.happened(note), lines.asks(note), lines.due(note), lines.goodwill(note), lines.to_check(note)
    return told if note.groups() else (*told, lines.missing(note))


def _act(note: NoteContext) -> NoteLine:
    return NoteLine(note.staff.say("label.act"), note.staff.say(f"act.{_act_key(note)}"))


def _act_key(note: NoteContext) -> str:
    if note.decision.outcome is not Outcome.REMEDY:
        return str(note.decision.outcome)
    if not note.groups():
        return "nothing"
    return "approval" if note.decision.approval else "remedy"
