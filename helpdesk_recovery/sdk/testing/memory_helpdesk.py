"""A whole helpdesk in memory, implementing the ports: for tests of everything that needs one."""

from __future__ import annotations

import hmac
import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.delivery import Delivery, Ignored
from helpdesk_recovery.domain.note import Note
from helpdesk_recovery.domain.ticket import Author, EventKind, Message, Requester, Ticket, TicketEvent
from helpdesk_recovery.errors import DeliveryRejected, TicketGone, TicketNotVisible, Unreadable
from helpdesk_recovery.pipeline.ports import Capabilities, Check, HelpdeskInfo, Polled, Setup, Written

SECRET = "memory-helpdesk-secret-0123456789"  # noqa: S105 - of a helpdesk that exists in tests only
BOT = "bot-1"


_INFO = HelpdeskInfo(
    name="memory",
    title="Memory",
    signature="the secret in a header",
    events=frozenset({EventKind.CREATED, EventKind.REPLIED, EventKind.AGENT_REPLIED, EventKind.NOTED}),
    capabilities=Capabilities(poll=True),
    settle_seconds=0.0,
    poll_seconds=None,
    needs_url=False,
    needs_token=False,
)


@dataclass
class MemoryHelpdesk:
    """Tickets in a dictionary. ``before_write`` and ``after_write`` may raise what a real helpdesk would."""

    info: HelpdeskInfo = _INFO
    tickets: dict[str, Ticket] = field(default_factory=dict)
    log: list[TicketEvent] = field(default_factory=list)
    before_write: Callable[[], None] = lambda: None
    after_write: Callable[[], None] = lambda: None
    before_read: Callable[[], None] = lambda: None
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def verify(self, delivery: Delivery, secrets: Sequence[str], now: datetime) -> str | None:
        """Accept the secret itself in one ``x-secret`` header; ``x-id`` is the signed id."""
        sent = delivery.headers_named("x-secret")
        if len(sent) != 1 or not any(hmac.compare_digest(sent[0].encode(), one.encode()) for one in secrets):
            raise DeliveryRejected(reason="wrong")
        return delivery.header("x-id")

    def read(self, delivery: Delivery, connection: Connection) -> TicketEvent | Ignored:
        """Read ``{"ticket": …, "message": …}``."""
        try:
            body = json.loads(delivery.body)
            return next(one for one in self.log if one.key == f"message:{body['message']}")
        except StopIteration:
            return Ignored("unknown", "there is no such message")
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable(str(error)) from None

    def open(self, connection: Connection) -> MemoryDesk:
        """Open it; all connections see the same tickets."""
        return MemoryDesk(self)

    def setup(self, connection: Connection, webhook_url: str) -> Setup:
        """Say that nothing is to be done."""
        return Setup()

    def webhook_url(self, public_url: str, connection: Connection) -> str:
        """Return the plain URL."""
        return f"{public_url}/webhooks/{self.info.name}/{connection.name}"

    def write(self, ticket_id: str, text: str, author: Author = Author.REQUESTER, *, public: bool = True) -> bytes:
        """Let somebody write on a ticket, made when it is new; return the body of the webhook that follows."""
        number = str(next(self._numbers))
        message = Message(
            number, author, text, datetime.now(UTC), public, author_id=BOT if author is Author.BOT else None
        )
        known = self.tickets.get(ticket_id)
        if known is None:
            requester = Requester(email="dana@example.com", name="Dana Reed")
            known = Ticket(ticket_id, text[:40], (), message.created_at, requester, status="open")
        self.tickets[ticket_id] = replace(known, messages=(*known.messages, message))
        kind = _kind(author, public, first=not known.messages)
        self.log.append(TicketEvent(kind, ticket_id, f"message:{number}", message.created_at, author))
        return json.dumps({"ticket": ticket_id, "message": number}).encode()

    def notes(self, ticket_id: str) -> list[str]:
        """Return what we wrote on a ticket."""
        return [one.text for one in self.tickets[ticket_id].messages if one.author is Author.BOT]


def _kind(author: Author, public: bool, *, first: bool) -> EventKind:
    if author is Author.REQUESTER:
        return EventKind.CREATED if first else EventKind.REPLIED
    return EventKind.AGENT_REPLIED if public else EventKind.NOTED


class MemoryDesk:
    """One open connection to it."""

    def __init__(self, helpdesk: MemoryHelpdesk) -> None:
        self._helpdesk = helpdesk

    async def fetch_ticket(self, ticket_id: str) -> Ticket:
        """Return the ticket as it stands."""
        self._helpdesk.before_read()
        if ticket_id not in self._helpdesk.tickets:
            raise TicketNotVisible(f"no ticket {ticket_id}")
        return self._helpdesk.tickets[ticket_id]

    async def add_note(self, ticket_id: str, note: Note) -> Written:
        """Write a note, and a delivery that nobody sends."""
        return self._write(ticket_id, note.text, public=False)

    async def add_reply(self, ticket_id: str, text: str, reference: str) -> Written:
        """Write a public reply."""
        return self._write(ticket_id, f"{text}\n{reference}", public=True)

    async def find_written(self, ticket_id: str, reference: str) -> Written | None:
        """Look for *reference* in what we wrote."""
        self._helpdesk.before_read()
        found = [one for one in self._helpdesk.tickets[ticket_id].messages if reference in one.text]
        return Written(found[0].id, BOT) if found else None

    async def poll(self, cursor: str | None) -> Polled:
        """Return everything written since the cursor, which counts the log."""
        self._helpdesk.before_read()
        start = len(self._helpdesk.log) if cursor is None else int(cursor)
        return Polled(tuple(self._helpdesk.log[start:]), str(len(self._helpdesk.log)))

    async def recent_tickets(self, last: int) -> tuple[str, ...]:
        """Return the newest tickets."""
        return tuple(reversed(self._helpdesk.tickets))[:last]

    async def check(self) -> tuple[Check, ...]:
        """Say that all is well, unless reading fails."""
        self._helpdesk.before_read()
        return (Check("answers", True),)

    async def close(self) -> None:
        """Nothing to close."""

    def _write(self, ticket_id: str, text: str, *, public: bool) -> Written:
        self._helpdesk.before_write()
        if ticket_id not in self._helpdesk.tickets:
            raise TicketGone(f"no ticket {ticket_id}")
        self._helpdesk.write(ticket_id, text, Author.BOT, public=public)
        self._helpdesk.after_write()
        return Written(self._helpdesk.tickets[ticket_id].messages[-1].id, BOT)
