"""What we write on a ticket of Request Tracker, and how we find it again."""

from __future__ import annotations

import re

from helpdesk_recovery.sdk import Connection, HelpdeskRefused, TicketGone, WriteUncertain, Written
from helpdesk_recovery.sdk.client import Answer
from helpdesk_recovery_webhooks.request_tracker.conversation import text_of
from helpdesk_recovery_webhooks.request_tracker.happening import KEY_FIELD, bot_user
from helpdesk_recovery_webhooks.request_tracker.rest import Rest, number

_TRANSACTION = re.compile(r"/transaction/(\d+)/?$")
_SEARCHABLE = re.compile(r"[A-Za-z0-9-]{1,64}")
_TOKEN_OWNER = re.compile(r"\d+-(\d+)-")


class Writer:
    """Writes with the reference in the transaction's custom field as well as in the text.

    A missing custom field is no error to RT, which then writes the text alone; so looking for what was
    written always ends with reading the texts. It may also have committed the text but not yet the field.
    """

    def __init__(self, rest: Rest, connection: Connection) -> None:
        self._rest = rest
        self._bot = bot_user(connection)
        owner = _TOKEN_OWNER.match(connection.token or "")
        self._owner = owner[1] if owner else None

    async def write(self, how: str, ticket_id: str, text: str, kind: str, reference: str) -> Written:
        """Write *text* of content type *kind* by *how*: ``comment`` (internal) or ``correspond`` (public)."""
        body = {"Content": text, "ContentType": kind, "TxnCustomFields": {KEY_FIELD: reference}}
        try:
            answer = await self._rest.post(f"ticket/{number(ticket_id)}/{how}", body)
        except HelpdeskRefused as refusal:
            raise await self._why(ticket_id, how, refusal) from None
        return Written(_transaction(answer), self._bot)

    async def find(self, ticket_id: str, reference: str) -> Written | None:
        """Return what our user wrote on this ticket with *reference*, or None."""
        return await self._by_field(ticket_id, reference) or await self._by_text(ticket_id, reference)

    async def own_name(self) -> str:
        """Return the name of the user that the token belongs to; the option's when the token does not tell."""
        return (await self._rest.user(self._owner)).name if self._owner else self._bot

    async def _by_field(self, ticket_id: str, reference: str) -> Written | None:
        if not _SEARCHABLE.fullmatch(reference):
            return None
        query = f"TicketId = {number(ticket_id)} AND CF.{{{KEY_FIELD}}} = '{reference}'"
        rows = await self._rest.transactions(query)
        return Written(rows[0].id, rows[0].creator.name) if rows else None

    async def _by_text(self, ticket_id: str, reference: str) -> Written | None:
        """Look through our own messages only: a customer may quote our reply."""
        mine = {self._bot.casefold(), (await self.own_name()).casefold()}
        talk = [one for one in await self._rest.talk(ticket_id) if one.creator.name.casefold() in mine]
        parts = await self._rest.parts(ticket_id, [one.id for one in talk])
        for one in talk:
            text, _ = text_of([part for part in parts if part.transaction_id == one.id])
            if reference in text:
                return Written(one.id, one.creator.name)
        return None

    async def _why(self, ticket_id: str, how: str, refusal: HelpdeskRefused) -> Exception:
        """Say why a write was refused: RT answers 400 for a ticket that is not there and for a missing right."""
        if refusal.reason != "refused":
            return refusal
        ticket = await self._rest.ticket(ticket_id)
        if ticket.status == "deleted":
            return TicketGone(f"ticket {ticket_id} was deleted")
        right = "CommentOnTicket" if how == "comment" else "ReplyToTicket"
        return HelpdeskRefused(f"{refusal} Give {self._bot} the right {right} in this queue.", reason="right")


def marked(text: str, reference: str) -> str:
    """Return *text* ending with its reference, so that it is found again without the custom field."""
    return text if reference in text else f"{text.rstrip()}\n\nRef {reference}"


def _transaction(answer: Answer) -> str:
    """Return the id of what was written; without one something else answered, and it may have happened."""
    found = _TRANSACTION.search(answer.headers.get("Location", ""))
    if answer.status != 201 or found is None:
        raise WriteUncertain(f"answered {answer.status} without saying what it wrote", reason="shape")
    return found[1]
