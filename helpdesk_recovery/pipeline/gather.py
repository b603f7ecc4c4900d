"""Events → the ticket as it stands now."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk_recovery.domain.ticket import Ticket, TicketEvent
from helpdesk_recovery.pipeline.ports import Desk


async def gather(desk: Desk, ticket_id: str, events: Sequence[TicketEvent]) -> Ticket:
    """Return the ticket: the newest that an event carried whole, else as the helpdesk's API gives it.

    Raise TicketNotVisible when the helpdesk does not show it yet, TicketGone when it never will.
    """
    carried = [event for event in events if event.ticket is not None]
    if carried:
        newest = max(carried, key=lambda event: event.occurred_at)
        assert newest.ticket is not None  # noqa: S101 - filtered above
        return newest.ticket
    return await desk.fetch_ticket(ticket_id)
