"""What the line needs from outside, as protocols: helpdesks talk, the clock ticks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.delivery import Delivery, Ignored
from helpdesk_recovery.domain.note import Note
from helpdesk_recovery.domain.ticket import EventKind, Ticket, TicketEvent


class Clock(Protocol):
    """Tells the time."""

    def __call__(self) -> datetime:
        """Return now, in UTC, with its timezone."""
        ...


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a helpdesk can do; what it cannot is refused with words, never tried."""

    internal_notes: bool = True
    public_replies: bool = True
    tags: bool = False
    html_notes: bool = False
    poll: bool = False


@dataclass(frozen=True, slots=True)
class HelpdeskInfo:
    """What a helpdesk is, readable without talking to it.

    ``settle_seconds`` is that helpdesk's own request time-out: after an uncertain write the thread is read no
    sooner, since it may still be committing our first try. ``busy_status`` is the answer on which it delivers
    again (503 unless it only retries on another). ``retries`` tells whether it delivers again at all; where it
    does not, ``poll_seconds`` is how often we look for what was missed.
    """

    name: str
    title: str
    signature: str
    events: frozenset[EventKind]
    capabilities: Capabilities = Capabilities()
    settle_seconds: float = 60.0
    busy_status: int = 503
    retries: bool = False
    poll_seconds: int | None = 60
    needs_url: bool = True
    needs_token: bool = True
    token_help: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What a write left behind: its id in the helpdesk and, when the helpdesk tells, the author it got."""

    external_id: str
    author_id: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that ``doctor`` or ``connect`` looked at: fine or not, and what to do in words."""

    title: str
    ok: bool
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Polled:
    """What happened since a cursor, oldest first, and the cursor to ask with next time."""

    events: tuple[TicketEvent, ...]
    cursor: str


@dataclass(frozen=True, slots=True)
class Setup:
    """What connecting needs in the helpdesk: objects we can create, and steps that only a person can do."""

    creates: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    seat: str = ""
    steps: tuple[str, ...] = ()
    options: dict[str, str] = field(default_factory=dict)


class Desk(Protocol):
    """One connection's helpdesk, opened for talking. Every method may raise

    HelpdeskUnavailable (later), HelpdeskRefused (a person must act), TicketNotVisible or TicketGone; the
    writing ones also WriteUncertain, when the request was sent and its answer lost.
    """

    async def fetch_ticket(self, ticket_id: str) -> Ticket:
        """Return the ticket with its whole conversation, notes included, oldest first."""
        ...

    async def add_note(self, ticket_id: str, note: Note) -> Written:
        """Write an internal note, never visible to the requester; ``note.reference`` stands in it."""
        ...

    async def add_reply(self, ticket_id: str, text: str, reference: str) -> Written:
        """Write a public reply; *reference* is its marker."""
        ...

    async def find_written(self, ticket_id: str, reference: str) -> Written | None:
        """Return what we wrote on this ticket with *reference* in it, or None when nothing was."""
        ...

    async def poll(self, cursor: str | None) -> Polled:
        """Return what happened since *cursor*; with None nothing old, only a cursor that means now."""
        ...

    async def recent_tickets(self, last: int) -> tuple[str, ...]:
        """Return the ids of the *last* newest tickets, newest first."""
        ...

    async def check(self) -> tuple[Check, ...]:
        """Look at reach, token and rights with real calls that change nothing."""
        ...

    async def close(self) -> None:
        """Let go of sockets."""
        ...


class Helpdesk(Protocol):
    """A kind of helpdesk: the seven things its folder declares. Found by entry point, never by name."""

    info: HelpdeskInfo

    def verify(self, delivery: Delivery, secrets: Sequence[str], now: datetime) -> str | None:
        """Check the signature over the raw bytes with any of *secrets*, in constant time.

        Return the delivery's id when the signature covers one, else None. Raise DeliveryRejected, and nothing
        else whatever the input.
        """
        ...

    def read(self, delivery: Delivery, connection: Connection) -> TicketEvent | Ignored:
        """Read a verified delivery. Raise Unreadable, and nothing else whatever the bytes."""
        ...

    def open(self, connection: Connection) -> Desk:
        """Open the connection for talking; nothing is sent yet."""
        ...

    def setup(self, connection: Connection, webhook_url: str) -> Setup:
        """Say what must exist in the helpdesk so that it calls *webhook_url* and we may write back."""
        ...

    def webhook_url(self, public_url: str, connection: Connection) -> str:
        """Return the URL the helpdesk must call: *public_url* + path, with the secret in it where it must be."""
        ...
