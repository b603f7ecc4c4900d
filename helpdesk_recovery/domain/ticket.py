"""A ticket as the line reads it, whatever helpdesk it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Author(StrEnum):
    """Who wrote a message, or acted."""

    REQUESTER = "requester"
    AGENT = "agent"
    BOT = "bot"
    SYSTEM = "system"


class EventKind(StrEnum):
    """What happened to a ticket. Only the first two may start or advance a case."""

    CREATED = "ticket.created"
    REPLIED = "ticket.replied"
    AGENT_REPLIED = "ticket.agent_replied"
    NOTED = "ticket.noted"
    STATUS_CHANGED = "ticket.status_changed"
    RATED = "ticket.rated"
    DELETED = "ticket.deleted"


CUSTOMER_EVENTS = frozenset({EventKind.CREATED, EventKind.REPLIED})


@dataclass(frozen=True, slots=True)
class Requester:
    """The customer who asks. ``locale`` is a BCP 47 tag when the helpdesk knows it."""

    id: str | None = None
    name: str | None = None
    email: str | None = None
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the conversation, text as received (``html`` tells how to read it)."""

    id: str
    author: Author
    text: str
    created_at: datetime
    public: bool = True
    html: bool = False
    author_id: str | None = None
    author_name: str | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket with its whole conversation, oldest message first."""

    id: str
    subject: str
    messages: tuple[Message, ...]
    created_at: datetime
    requester: Requester = Requester()
    status: str = ""
    channel: str = ""
    group: str | None = None
    assignee: str | None = None
    tags: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    url: str | None = None

    def customer_messages(self) -> tuple[Message, ...]:
        """Return what the requester wrote in public, oldest first."""
        return tuple(m for m in self.messages if m.author is Author.REQUESTER and m.public)


@dataclass(frozen=True, slots=True)
class TicketEvent:
    """Something happened to a ticket.

    ``key`` names the happening itself (a message, a status change), not its delivery: the same happening
    found by webhook and by poll has the same key. ``ticket`` is set when the event carries all of it.
    """

    kind: EventKind
    ticket_id: str
    key: str
    occurred_at: datetime
    author: Author
    author_id: str | None = None
    ticket: Ticket | None = None
    value: str | None = None
