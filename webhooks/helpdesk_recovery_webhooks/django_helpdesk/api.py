"""django-helpdesk's REST API, answer by answer."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from math import ceil
from typing import Any, TypeVar

from pydantic import ValidationError

from helpdesk_recovery.sdk import (
    HelpdeskClient,
    HelpdeskRefused,
    HelpdeskUnavailable,
    TicketNotVisible,
    WriteUncertain,
)
from helpdesk_recovery_webhooks.django_helpdesk.wire import FollowUp, FollowUpPage, HelpdeskTicket, Wire

PAGE = 25
"""Rows a page: what the helpdesk gives by itself, and 8 MB are enough for it unless mails are huge."""

# Before it answers for one ticket, the API loads every ticket it may show, with one query for each and more for
# custom fields. Asking among the open and reopened, then the resolved, keeps that small; where the statuses are
# the company's own the filter does nothing. The list of tickets has no such way out, so we never ask for it.
_AMONG = ({"status": "1,2"}, {"status": "3"})
_UNKNOWN_TICKET = 'answered 400: {"ticket":'

Shape = TypeVar("Shape", bound=Wire)


class Api:
    """The calls we make. Raises what HelpdeskClient raises, and HelpdeskUnavailable for an unexpected shape."""

    def __init__(self, client: HelpdeskClient) -> None:
        self._client = client

    async def ticket(self, ticket_id: str) -> HelpdeskTicket:
        """Read a ticket with all its follow-ups."""
        path = f"api/tickets/{_number(ticket_id)}/"
        for some in _AMONG:
            with suppress(TicketNotVisible):
                return _shaped(HelpdeskTicket, (await self._client.get(path, some)).json())
        return _shaped(HelpdeskTicket, (await self._client.get(path)).json())

    async def post(self, ticket_id: str, comment: str, *, public: bool) -> FollowUp:
        """Write a follow-up. No title is ever sent: it would rename the ticket."""
        body = {"ticket": _number(ticket_id), "comment": comment, "public": public}
        try:
            return await self._write("POST", "api/followups/", body)
        except HelpdeskRefused as refusal:
            if _UNKNOWN_TICKET in str(refusal):
                raise TicketNotVisible(f"no ticket {ticket_id} yet") from None
            raise

    async def put_text(self, followup_id: int, comment: str) -> FollowUp:
        """Replace a follow-up's text: no mail, no hook, no template."""
        return await self._write("PATCH", f"api/followups/{followup_id}/", {"comment": comment})

    async def pages(self) -> AsyncIterator[FollowUpPage]:
        """Read the pages of all follow-ups, newest page first; rows go from old to new."""
        page = await self._page("last")
        yield page
        for number in range(ceil(page.count / PAGE) - 1, 0, -1):
            yield await self._page(str(number))

    async def _page(self, number: str) -> FollowUpPage:
        answer = await self._client.get("api/followups/", {"page": number, "page_size": str(PAGE)})
        return _shaped(FollowUpPage, answer.json())

    async def _write(self, method: str, path: str, body: dict[str, Any]) -> FollowUp:
        answer = await self._client.write(method, path, body)
        try:
            return _shaped(FollowUp, answer.json())
        except HelpdeskUnavailable as odd:
            raise WriteUncertain(f"wrote, and then {odd}") from None


def _shaped(shape: type[Shape], value: Any) -> Shape:
    try:
        return shape.model_validate(value)
    except (ValidationError, RecursionError):
        raise HelpdeskUnavailable(
            "answered something that is no django-helpdesk's: is the URL its own, up to /api/?", reason="shape"
        ) from None


def _number(ticket_id: str) -> int:
    """Return a ticket's number, which stands in paths; only digits can."""
    if not (ticket_id.isascii() and ticket_id.isdigit()):
        raise HelpdeskRefused(f"{ticket_id!r} is no ticket number", reason="ticket")
    return int(ticket_id)
