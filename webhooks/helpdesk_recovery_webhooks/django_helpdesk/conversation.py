"""From the helpdesk's ticket to the ticket that the line reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from helpdesk_recovery.sdk import Author, Message, Requester, Ticket
from helpdesk_recovery_webhooks.django_helpdesk.thread import author_of, is_unfinished, opening, status_name
from helpdesk_recovery_webhooks.django_helpdesk.wire import FollowUp, HelpdeskTicket


def ticket_of(found: HelpdeskTicket, url: str, options: Mapping[str, str]) -> Ticket:
    """Return *found* with its description as the requester's first message; quoted history stays in the texts."""
    first = opening(found)
    at = _opened_at(found)
    rest = (one for one in found.thread() if one is not first and _says_something(one))
    email = found.submitter_email or None
    return Ticket(
        id=str(found.id),
        subject=found.title,
        messages=(_first_message(found, first, at), *(_message(one, options) for one in rest)),
        created_at=at,
        requester=Requester(id=email, email=email),
        status=status_name(found.status) or "",
        channel=_channel(first),
        group=None if found.queue is None else str(found.queue),
        assignee=None if found.assigned_to is None else str(found.assigned_to),
        fields=found.fields,
        url=f"{url}/tickets/{found.id}/",
    )


def _says_something(one: FollowUp) -> bool:
    return bool(one.text.strip()) and not is_unfinished(one)


def _first_message(found: HelpdeskTicket, first: FollowUp | None, at: datetime) -> Message:
    text = first.text if first else found.description or ""
    return Message(f"ticket:{found.id}", Author.REQUESTER, text, at)


def _message(one: FollowUp, options: Mapping[str, str]) -> Message:
    user = None if one.user is None else str(one.user)
    author = author_of(one, options)
    return Message(f"followup:{one.id}", author, one.text, one.date, public=one.public, author_id=user)


def _opened_at(found: HelpdeskTicket) -> datetime:
    """Return when the ticket was opened; the API does not tell, so it is its first follow-up, or else now."""
    return min((one.date for one in found.followup_set), default=None) or datetime.now(UTC)


def _channel(first: FollowUp | None) -> str:
    if first is None:
        return ""
    if first.message_id:
        return "email"
    return "web" if first.user is None else "staff"
