"""Talking to one django-helpdesk."""

from __future__ import annotations

from helpdesk_recovery.sdk import (
    Check,
    Connection,
    HelpdeskClient,
    HelpdeskRefused,
    Note,
    Polled,
    Ticket,
    TicketGone,
    Written,
)
from helpdesk_recovery_webhooks.django_helpdesk import polling
from helpdesk_recovery_webhooks.django_helpdesk.api import Api
from helpdesk_recovery_webhooks.django_helpdesk.checking import check
from helpdesk_recovery_webhooks.django_helpdesk.comment import escaped, unfinished
from helpdesk_recovery_webhooks.django_helpdesk.conversation import ticket_of
from helpdesk_recovery_webhooks.django_helpdesk.thread import ends_with_marker, is_unfinished
from helpdesk_recovery_webhooks.django_helpdesk.wire import FollowUp, HelpdeskTicket


class DjangoHelpdeskDesk:
    """A connection's django-helpdesk, opened with the bot user's API token."""

    def __init__(self, connection: Connection, client: HelpdeskClient) -> None:
        self._url = (connection.url or "").rstrip("/")
        self._options = connection.options
        self._client = client
        self._api = Api(client)

    async def fetch_ticket(self, ticket_id: str) -> Ticket:
        """Fetch the ticket; raise TicketGone when it was merged into another."""
        found = await self._api.ticket(ticket_id)
        if found.merged_to is not None:
            raise TicketGone(f"ticket {ticket_id} was merged into ticket {found.merged_to}")
        return ticket_of(found, self._url, self._options)

    async def add_note(self, ticket_id: str, note: Note) -> Written:
        """Write an internal note in two steps: an empty one, then its text.

        A new private follow-up is mailed to the queue's and the ticket's copies, customers among them, and may
        leave links on other tickets; a changed one is not. So what is new holds the reference and nothing else.
        """
        begun = _begun(await self._api.ticket(ticket_id), note.reference)
        if begun is None:
            begun = await self._api.post(ticket_id, unfinished(note.reference), public=False)
        if begun.public:
            raise HelpdeskRefused("it made our note public, so the note stays empty", reason="public")
        return _written(await self._api.put_text(begun.id, note.text))

    async def add_reply(self, ticket_id: str, text: str, reference: str) -> Written:
        """Write a public reply, which the helpdesk mails to the requester; it ends with *reference*."""
        marked = text if ends_with_marker(text) else f"{text}\n\n{unfinished(reference)}"
        return _written(await self._api.post(ticket_id, escaped(marked), public=True))

    async def find_written(self, ticket_id: str, reference: str) -> Written | None:
        """Look for *reference* in what staff wrote on the ticket; a note whose text is missing is not written."""
        found = await self._api.ticket(ticket_id)
        bot = self._options.get("bot_user", "").strip()
        for one in found.thread():
            ours = one.user is not None and bot in ("", str(one.user))
            if ours and reference in one.text and not is_unfinished(one):
                return _written(one)
        return None

    async def poll(self, cursor: str | None) -> Polled:
        """Return what happened since *cursor*, by the follow-ups added since."""
        return await polling.poll(self._api, cursor, self._options)

    async def recent_tickets(self, last: int) -> tuple[str, ...]:
        """Return the numbers of the *last* newest tickets, newest first."""
        return await polling.recent(self._api, last)

    async def check(self) -> tuple[Check, ...]:
        """Read the newest follow-ups."""
        return await check(self._api)

    async def close(self) -> None:
        """Close the sockets."""
        await self._client.close()


def _begun(found: HelpdeskTicket, reference: str) -> FollowUp | None:
    """Return the note of an earlier try whose text is still missing."""
    return next((one for one in found.thread() if is_unfinished(one) and reference in one.text), None)


def _written(one: FollowUp) -> Written:
    return Written(str(one.id), None if one.user is None else str(one.user))
