"""Request Tracker's REST 2.0: the few calls we make, with answers checked.

On SQLite every call costs about 0.25 s, whatever it asks, since RT notes each use of a token; so calls are few
and ask for all they need. Lists have no total for anybody but superusers: a short page is the last one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ValidationError

from helpdesk_recovery.sdk import (
    ConfigurationInvalid,
    Connection,
    HelpdeskClient,
    HelpdeskUnavailable,
    TicketGone,
    TicketNotVisible,
)
from helpdesk_recovery.sdk.client import Answer
from helpdesk_recovery_webhooks.request_tracker.wire import (
    Named,
    Page,
    PartRow,
    TransactionRow,
    User,
    WholeTicket,
)

PER_PAGE = 100
_PARTS_OF = 25
_TALK = ("Create", "Correspond", "Comment")
_PERSON = "Name,EmailAddress,RealName"
Model = TypeVar("Model", bound=BaseModel)


def number(ticket_id: str) -> str:
    """Return *ticket_id*, which goes into paths and searches; raise TicketGone when it is no number."""
    if not (ticket_id.isascii() and ticket_id.isdigit()):
        raise TicketGone(f"{ticket_id[:40]!r} is not the number of a ticket in Request Tracker")
    return ticket_id


class Rest:
    """One connection's REST 2.0. Raises what HelpdeskClient raises, and HelpdeskUnavailable for odd answers."""

    def __init__(self, connection: Connection) -> None:
        if not (connection.url and connection.token):
            raise ConfigurationInvalid(
                f"connection {connection.name} needs --url, where people open Request Tracker, and an API token"
            )
        self.url = connection.url.rstrip("/").removesuffix("/REST/2.0")
        headers = {"Authorization": f"token {connection.token}"}
        self._client = HelpdeskClient(f"{self.url}/REST/2.0", headers)
        self._staff: dict[str, bool] = {}
        self.clock = datetime.min.replace(tzinfo=UTC)
        """The time of the last answer by RT's own clock, in UTC."""

    async def get(self, model: type[Model], path: str, **params: str) -> Model:
        """Read *path* as *model*."""
        answer = await self._client.get(path, params)
        self.clock = _date(answer)
        return parsed(model, answer)

    async def rows(self, model: type[Model], path: str, **params: str) -> tuple[Model, ...]:
        """Read one page of at most 100 rows."""
        page = await self.get(Page[model], path, **{"per_page": str(PER_PAGE), **params})  # type: ignore[valid-type]
        return page.items

    async def all_rows(self, model: type[Model], path: str, **params: str) -> list[Model]:
        """Read every page."""
        found: list[Model] = []
        number_of_page = 1
        while True:
            rows = await self.rows(model, path, page=str(number_of_page), **params)
            found += rows
            if len(rows) < PER_PAGE:
                return found
            number_of_page += 1

    async def post(self, path: str, body: object) -> Answer:
        """Write *body*."""
        return await self._client.write("POST", path, body)

    async def ticket(self, ticket_id: str) -> WholeTicket:
        """Read a ticket itself, which also says whether it was merged or deleted."""
        return await self.get(WholeTicket, f"ticket/{number(ticket_id)}")

    async def talk(self, ticket_id: str) -> list[TransactionRow]:
        """Read who said something on a ticket and when, oldest first."""
        return await self.all_rows(
            TransactionRow,
            f"ticket/{number(ticket_id)}/history",
            query=json.dumps([{"field": "Type", "value": kind} for kind in _TALK]),
            fields="Type,Creator,Created",
            orderby="id",
            **{"fields[Creator]": _PERSON},
        )

    async def transactions(self, query: str, **params: str) -> tuple[TransactionRow, ...]:
        """Search the transactions of tickets, by RT's own query language."""
        return await self.rows(
            TransactionRow,
            "transactions",
            query=f"ObjectType = 'RT::Ticket' AND {query}",
            fields="Type,Creator,Created,ObjectId,NewValue,CustomFields",
            **{"fields[Creator]": _PERSON, **params},
        )

    async def parts(self, ticket_id: str, transactions: Sequence[str]) -> list[PartRow]:
        """Read the text parts of these transactions; attached files are left where they are."""
        found: list[PartRow] = []
        for start in range(0, len(transactions), _PARTS_OF):
            found += await self._parts(ticket_id, transactions[start : start + _PARTS_OF])
        return found

    async def staff(self, names: Iterable[str]) -> set[str]:
        """Return those of *names* that RT counts as staff (privileged); each is asked for once."""
        return {name for name in set(names) if await self._is_staff(name)}

    async def user(self, name_or_id: str) -> User:
        """Read a user."""
        return await self.get(User, f"user/{quote(name_or_id, safe='@')}")

    async def queues(self) -> tuple[str, ...]:
        """Return the names of the queues that we can see."""
        return tuple(row.name for row in await self.rows(Named, "queues/all", fields="Name"))

    async def close(self) -> None:
        """Let go of sockets."""
        await self._client.close()

    async def _parts(self, ticket_id: str, transactions: Sequence[str]) -> list[PartRow]:
        conditions: list[dict[str, str]] = [
            {"field": "ContentType", "operator": "STARTSWITH", "value": "text/"},
            {"field": "Filename", "operator": "IS", "value": "NULL"},
            *({"field": "TransactionId", "value": transaction} for transaction in transactions),
        ]
        return await self.all_rows(
            PartRow,
            f"ticket/{number(ticket_id)}/attachments",
            query=json.dumps(conditions),
            fields="TransactionId,ContentType,Content",
            orderby="id",
        )

    async def _is_staff(self, name: str) -> bool:
        if name not in self._staff:
            try:
                self._staff[name] = (await self.user(name)).privileged
            except TicketNotVisible:  # what the client makes of any 404: a user that is gone is no staff
                self._staff[name] = False
        return self._staff[name]


def parsed(model: type[Model], answer: Answer) -> Model:
    """Check an answer; one of another shape means that something else answered, or another version: later."""
    try:
        return model.model_validate_json(answer.body)
    except ValidationError as problem:
        first = problem.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "body"
        raise HelpdeskUnavailable(
            f"Request Tracker answered something unexpected: {place}: {first['msg']}", reason="shape"
        ) from None


def _date(answer: Answer) -> datetime:
    """Return when RT answered, by its own clock; by ours when it does not tell."""
    try:
        return parsedate_to_datetime(answer.headers["Date"]).astimezone(UTC)
    except (KeyError, ValueError):
        return datetime.now(UTC)
