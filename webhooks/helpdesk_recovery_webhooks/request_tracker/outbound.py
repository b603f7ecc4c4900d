"""Talking to Request Tracker: one connection's desk."""

from __future__ import annotations

from helpdesk_recovery.sdk import (
    Check,
    Connection,
    HelpdeskRefused,
    Note,
    Polled,
    Ticket,
    TicketGone,
    TicketNotVisible,
    Written,
)
from helpdesk_recovery_webhooks.request_tracker.checking import look
from helpdesk_recovery_webhooks.request_tracker.conversation import strangers, ticket_of
from helpdesk_recovery_webhooks.request_tracker.happening import bot_user
from helpdesk_recovery_webhooks.request_tracker.polling import poll
from helpdesk_recovery_webhooks.request_tracker.rest import PER_PAGE, Rest, number
from helpdesk_recovery_webhooks.request_tracker.wire import IdRow, TicketRow
from helpdesk_recovery_webhooks.request_tracker.writing import Writer, marked

_FIELDS = "Subject,Status,Created,Queue,Owner,Requestor,CustomFields"
_EXPANDED = {
    "fields[Queue]": "Name",
    "fields[Owner]": "Name",
    "fields[Requestor]": "Name,EmailAddress,RealName,Lang",
}


class RequestTrackerDesk:
    """Request Tracker 5 by REST 2.0; see :class:`helpdesk_recovery.sdk.Desk`."""

    def __init__(self, connection: Connection) -> None:
        self._rest = Rest(connection)
        self._writer = Writer(self._rest, connection)
        self._bot = bot_user(connection)

    async def fetch_ticket(self, ticket_id: str) -> Ticket:
        """Return the ticket with what people said on it; three calls, four with an agent we do not know yet."""
        row = await self._row(ticket_id)
        talk = await self._rest.talk(ticket_id)
        parts = await self._rest.parts(ticket_id, [one.id for one in talk])
        staff = await self._rest.staff(strangers(row, talk, self._bot))
        return ticket_of(row, talk, parts, staff, self._bot, self._rest.url)

    async def add_note(self, ticket_id: str, note: Note) -> Written:
        """Write a comment; RT mails comments to the AdminCcs of queue and ticket, never to requestors."""
        return await self._writer.write("comment", ticket_id, note.html, "text/html", note.reference)

    async def add_reply(self, ticket_id: str, text: str, reference: str) -> Written:
        """Write correspondence, which RT mails to the requestors; it ends with the reference."""
        return await self._writer.write("correspond", ticket_id, marked(text, reference), "text/plain", reference)

    async def find_written(self, ticket_id: str, reference: str) -> Written | None:
        """Return what we wrote with *reference*: by the custom field, else by the texts."""
        return await self._writer.find(ticket_id, reference)

    async def poll(self, cursor: str | None) -> Polled:
        """Return what happened since *cursor*, the number of a transaction."""
        return await poll(self._rest, self._bot, cursor)

    async def recent_tickets(self, last: int) -> tuple[str, ...]:
        """Return the ids of the *last* newest tickets, newest first."""
        found: list[str] = []
        page = 1
        while len(found) < last:
            rows = await self._rest.rows(
                IdRow, "tickets", query="Type = 'ticket'", orderby="id", order="DESC", page=str(page)
            )
            found += [row.id for row in rows]
            page += 1
            if len(rows) < PER_PAGE:
                break
        return tuple(found[:last])

    async def check(self) -> tuple[Check, ...]:
        """Look at reach, token and rights."""
        return await look(self._rest, self._writer, self._bot)

    async def close(self) -> None:
        """Let go of sockets."""
        await self._rest.close()

    async def _row(self, ticket_id: str) -> TicketRow:
        """Read the ticket by a search, which alone tells its requestors' addresses in the same call."""
        rows = await self._rest.rows(
            TicketRow, "tickets", query=f"id = {number(ticket_id)}", fields=_FIELDS, **_EXPANDED
        )
        if rows:
            return rows[0]
        raise await self._why_unseen(ticket_id)

    async def _why_unseen(self, ticket_id: str) -> Exception:
        """Say why a search does not find a ticket: merged, deleted, not committed yet, or no right."""
        ticket = await self._rest.ticket(ticket_id)
        if ticket.id != ticket_id:
            return TicketGone(f"ticket {ticket_id} was merged into {ticket.id}")
        if ticket.status == "deleted":
            return TicketGone(f"ticket {ticket_id} was deleted")
        if not ticket.status:
            return HelpdeskRefused(f"give {self._bot} the right ShowTicket to see ticket {ticket_id}")
        return TicketNotVisible(f"ticket {ticket_id} is there, but no search finds it yet")
