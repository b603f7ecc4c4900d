"""Delivery → what happened to a ticket."""

from __future__ import annotations

import re
from typing import Any

from pydantic import ValidationError

from helpdesk_recovery.sdk import (
    Author,
    Connection,
    Delivery,
    EventKind,
    Ignored,
    Message,
    Requester,
    Ticket,
    TicketEvent,
    Unreadable,
    strict_json,
)
from helpdesk_recovery_webhooks.standard.wire import EventWire, MessageWire, RequesterWire, TicketWire

_KINDS = frozenset(str(kind) for kind in EventKind)
_MARKER = re.compile(r"\bHR-[2-9A-HJ-NP-Z]{8}\b")

_WRITTEN_BY = {
    EventKind.REPLIED: Author.REQUESTER,
    EventKind.AGENT_REPLIED: Author.AGENT,
    EventKind.NOTED: Author.AGENT,
}
"""Whose message each kind is about; bots and the system may stand in every one, and are left alone."""

_ACTOR = {EventKind.RATED: Author.REQUESTER}


def read(delivery: Delivery, connection: Connection) -> TicketEvent | Ignored:
    """Read one event; raise Unreadable, with the place in the payload, for anything else."""
    payload = strict_json(delivery.body)
    name = payload.get("type") if isinstance(payload, dict) else None
    if not isinstance(name, str):
        raise Unreadable('there is no "type": it must be an object with type, timestamp and data', reason="shape")
    if name not in _KINDS:
        return Ignored("unknown_event", f"{name[:64]} is no event that we work")
    wire = _event(payload)
    kind = EventKind(name)
    if kind in _WRITTEN_BY or (kind is EventKind.CREATED and wire.data.ticket.messages):
        return _about_message(kind, wire, _message(kind, wire), connection)
    return _about_ticket(kind, wire)


def _event(payload: Any) -> EventWire:
    try:
        return EventWire.model_validate(payload)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False, include_context=False)[:3]
        words = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in problems)
        raise Unreadable(words, reason="shape") from None


def _message(kind: EventKind, wire: EventWire) -> MessageWire:
    """Return the message the event is about; a new ticket may leave out which: its oldest one."""
    messages = sorted(wire.data.ticket.messages, key=lambda message: message.created_at)
    wanted = wire.data.message_id
    if wanted is None and kind is EventKind.CREATED:
        return messages[0]
    for message in messages:
        if message.id == wanted:
            return message
    raise Unreadable(f"data.message_id: {wanted or 'none'} is not among the ticket's messages", reason="message")


def _about_message(
    kind: EventKind, wire: EventWire, message: MessageWire, connection: Connection
) -> TicketEvent | Ignored:
    ours = _ours(message, connection)
    if ours is not None:
        return ours
    expected = _WRITTEN_BY.get(kind, message.author)
    if message.author is not expected:
        words = f"{kind} is about what the {expected} wrote, but message {message.id} is by the {message.author}"
        raise Unreadable(words, reason="author")
    return TicketEvent(
        kind=kind,
        ticket_id=wire.data.ticket.id,
        key=f"{wire.data.ticket.id}/message/{message.id}",
        occurred_at=message.created_at,
        author=message.author,
        author_id=message.author_id,
        ticket=_ticket(wire.data.ticket, wire),
    )


def _ours(message: MessageWire, connection: Connection) -> Ignored | None:
    """Say why this message is not work. A requester may quote our reference and is heard all the same."""
    if message.author is Author.REQUESTER:
        return None
    if message.author is not Author.AGENT:
        return Ignored("own", f"written by a program ({message.author})")
    if message.author_id is not None and message.author_id == connection.options.get("bot"):
        return Ignored("own", "written by our own user")
    if _MARKER.search(message.text) or _MARKER.search(message.html):
        return Ignored("own", "our own writing came back: it carries a reference of ours")
    return None


def _about_ticket(kind: EventKind, wire: EventWire) -> TicketEvent:
    ticket, value = wire.data.ticket, wire.data.value
    if kind is EventKind.STATUS_CHANGED:
        value = value or ticket.status or None
    happening = f"{kind.removeprefix('ticket.')}/{value or ''}/{wire.timestamp.isoformat()}"
    return TicketEvent(
        kind=kind,
        ticket_id=ticket.id,
        key=f"{ticket.id}/{happening}" if kind is not EventKind.DELETED else f"{ticket.id}/deleted",
        occurred_at=wire.timestamp,
        author=_ACTOR.get(kind, Author.SYSTEM),
        ticket=_ticket(ticket, wire) if ticket.messages else None,
        value=value,
    )


def _ticket(wire: TicketWire, event: EventWire) -> Ticket:
    messages = tuple(sorted(map(_as_message, wire.messages), key=lambda message: message.created_at))
    first = messages[0].created_at if messages else event.timestamp
    return Ticket(
        id=wire.id,
        subject=wire.subject,
        messages=messages,
        created_at=wire.created_at or first,
        requester=_requester(wire.requester),
        status=wire.status,
        channel=wire.channel,
        group=wire.group,
        assignee=wire.assignee,
        tags=tuple(wire.tags),
        fields=wire.fields,
        url=wire.url,
    )


def _requester(wire: RequesterWire | None) -> Requester:
    return Requester() if wire is None else Requester(wire.id, wire.name, wire.email, wire.locale)


def _as_message(wire: MessageWire) -> Message:
    return Message(
        id=wire.id,
        author=wire.author,
        text=wire.text or wire.html,
        created_at=wire.created_at,
        public=wire.public,
        html=not wire.text and bool(wire.html),
        author_id=wire.author_id,
        author_name=wire.author_name,
    )
