"""Delivery → what happened to a ticket, or why it is left alone."""

from __future__ import annotations

from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.delivery import Delivery, Ignored
from helpdesk_recovery.domain.ticket import CUSTOMER_EVENTS, Author, TicketEvent
from helpdesk_recovery.pipeline.ports import Helpdesk


def receive(helpdesk: Helpdesk, delivery: Delivery, connection: Connection) -> TicketEvent | Ignored:
    """Read a verified delivery; raise Unreadable when that can't be done."""
    found = helpdesk.read(delivery, connection)
    if isinstance(found, TicketEvent) and found.author is Author.BOT:
        return Ignored("own", "our own writing came back")
    return found


def wants_work(event: TicketEvent) -> bool:
    """Tell whether *event* may start or advance a case: only what the requester wrote may."""
    return event.kind in CUSTOMER_EVENTS and event.author is Author.REQUESTER
