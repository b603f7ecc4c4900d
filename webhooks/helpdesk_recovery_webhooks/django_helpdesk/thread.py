"""Who wrote a follow-up, and what happened with it. Pure; used on hooks, polled pages and whole tickets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from helpdesk_recovery.sdk import Author, EventKind, Ignored, TicketEvent
from helpdesk_recovery_webhooks.django_helpdesk.wire import FollowUp, HelpdeskTicket

STATUSES = {1: "open", 2: "reopened", 3: "resolved", 4: "closed", 5: "duplicate"}

# Our notes and replies end with their reference, after a word at most. An agent's command that names a
# reference after its verb ("/recovery accept HR-…") is not ours.
_MARKER_LINE = re.compile(r"\s*(?:\S+\s+)?HR-[2-9A-HJ-NP-Z]{8}")
_LONGEST_MARKER_LINE = 100
_STUB = re.compile(r"Ref HR-[2-9A-HJ-NP-Z]{8}")
# The command escalate_tickets writes follow-ups that look like a customer's; no language file translates this.
_ESCALATED = "Ticket Escalated"
_BEGINNING = 60
_ADDRESS = re.compile(r"[^\s@<>]+@([^\s@<>]+)")
_LONGEST_TITLE = 200  # the helpdesk's own limit; the search would be quadratic in it


def ends_with_marker(text: str) -> bool:
    """Tell whether *text* ends with a reference of ours."""
    line = text.rstrip().rpartition("\n")[2]
    return len(line) <= _LONGEST_MARKER_LINE and _MARKER_LINE.fullmatch(line) is not None


def is_unfinished(followup: FollowUp) -> bool:
    """Tell whether it is a note of ours whose text is still missing: a reference and nothing else."""
    return followup.user is not None and not followup.public and _STUB.fullmatch(followup.text.strip()) is not None


def is_ours(followup: FollowUp, options: Mapping[str, str]) -> bool:
    """Tell whether we wrote what a staff user wrote: by author, or by marker. Customers may quote our marker."""
    return str(followup.user) == options.get("bot_user", "").strip() or ends_with_marker(followup.text)


def author_of(followup: FollowUp, options: Mapping[str, str]) -> Author:
    """Return who wrote a follow-up that is not the ticket's first."""
    if followup.user is not None:
        return Author.BOT if is_ours(followup, options) else Author.AGENT
    if not followup.public or followup.title == _ESCALATED or _only_status(followup):
        return Author.SYSTEM
    return Author.AGENT if _mailed_by_staff(followup, options) else Author.REQUESTER


def event_of(followup: FollowUp, options: Mapping[str, str]) -> TicketEvent | Ignored:
    """Return what happened with a follow-up that is not the ticket's first."""
    author = author_of(followup, options)
    if author is Author.BOT:
        return Ignored("own", "we wrote this ourselves")
    kind = _kind(followup, author)
    if kind is None:
        return Ignored("no_text", "a change without words: on hold, an escalation, a link or an edit")
    return TicketEvent(
        kind=kind,
        ticket_id=str(followup.ticket),
        key=f"followup:{followup.id}",
        occurred_at=followup.date,
        author=author,
        author_id=None if followup.user is None else str(followup.user),
        value=status_name(followup.new_status) if kind is EventKind.STATUS_CHANGED else None,
    )


def created(ticket_id: int, at: datetime) -> TicketEvent:
    """Return the event of a new ticket. Whoever typed it in, it holds what the requester wants."""
    return TicketEvent(EventKind.CREATED, str(ticket_id), f"ticket:{ticket_id}", at, Author.REQUESTER)


def opening(ticket: HelpdeskTicket) -> FollowUp | None:
    """Return the follow-up that repeats the description, if the ticket's first one does.

    It holds the whole mail where the description holds only what the helpdesk took for new text, so their
    beginnings are compared.
    """
    first = next((one for one in ticket.thread() if one.text.strip()), None)
    if first is None or not first.public:
        return None
    beginning = _squashed(ticket.description or "")[:_BEGINNING]
    return first if beginning in _squashed(first.text) else None


def status_name(status: int | None) -> str | None:
    """Return a status as a word; a status that the company added stays a number."""
    return None if status is None else STATUSES.get(status, str(status))


def _kind(followup: FollowUp, author: Author) -> EventKind | None:
    if followup.text.strip() and author is Author.REQUESTER:
        return EventKind.REPLIED
    if followup.text.strip() and author is Author.AGENT:
        return EventKind.AGENT_REPLIED if followup.public else EventKind.NOTED
    return EventKind.STATUS_CHANGED if followup.new_status is not None else None


def _only_status(followup: FollowUp) -> bool:
    """Tell a customer who closes the ticket on its page, in the helpdesk's words, from one who writes a mail."""
    by_mail = followup.message_id or _sender(followup)
    return followup.new_status is not None and not by_mail


def _mailed_by_staff(followup: FollowUp, options: Mapping[str, str]) -> bool:
    """Tell agents who answer by mail: the helpdesk keeps no user for them, but their address in the title."""
    sender = _sender(followup)
    domains = {name.strip().lower() for name in options.get("staff_domains", "").split(",") if name.strip()}
    return sender is not None and sender[1].lower() in domains


def _sender(followup: FollowUp) -> re.Match[str] | None:
    return _ADDRESS.search((followup.title or "")[:_LONGEST_TITLE])


def _squashed(text: str) -> str:
    return " ".join(text.split())
