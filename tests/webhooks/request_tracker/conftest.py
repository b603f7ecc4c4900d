"""A stand-in for Request Tracker's REST 2.0, with the answers and the oddities that the real one showed."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import web

from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.sdk import Desk
from helpdesk_recovery.sdk.testing import Fault, Served, Wrote, serve
from helpdesk_recovery_webhooks.request_tracker import HELPDESK

TOKEN = "1-33-0123456789abcdef"
_BASE = "/rt/REST/2.0"
_PEOPLE: dict[str, dict[str, Any]] = {
    "jane@example.com": {"RealName": "Jane Jones", "EmailAddress": "jane@example.com", "Lang": "pt_BR"},
    "cc@example.com": {"EmailAddress": "cc@example.com"},
    "agent": {"RealName": "Alex Agent", "EmailAddress": "agent@rt.test", "Privileged": 1},
    "recoverybot": {"Privileged": 1},
}


def _person(name: str) -> dict[str, Any]:
    """A user as lists expand one: the privilege is always empty there."""
    known = _PEOPLE.get(name, {})
    hidden = {"Privileged": "", "EmailAddress": "", "RealName": "", "Lang": ""}
    return {**hidden, **known, "Privileged": "", "Name": name, "id": name, "type": "user"}


@dataclass
class Transaction:
    """One line of a ticket's history; ``parts`` are content type and text."""

    id: int
    ticket: int
    type: str
    creator: str
    created: datetime
    parts: list[tuple[str, str]] = field(default_factory=list)
    new_value: str = ""
    key: str = ""

    def row(self) -> dict[str, Any]:
        values = [self.key] if self.key else []
        return {
            "id": str(self.id),
            "type": "transaction",
            "Type": self.type,
            "ObjectId": str(self.ticket),
            "Creator": _person(self.creator),
            "Created": self.created.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "NewValue": self.new_value,
            "CustomFields": [{"id": "2", "name": "RecoveryKey", "values": values}],
        }


@dataclass
class FakeRequestTracker:
    """One queue, one ticket of Jane's; ``say`` lets anybody do something more."""

    ticket_id: str = "7"
    base_path: str = "/rt"
    has_field: bool = True
    links: tuple[str, ...] = ("self", "history", "correspond", "comment")
    queues: tuple[str, ...] = ("Support",)
    version: str = "5.0.3"
    requestors: tuple[str, ...] = ("jane@example.com",)
    status: str = "new"
    merged_into: int | None = None
    asked: list[str] = field(default_factory=list)
    transactions: list[Transaction] = field(default_factory=list)
    _made: int = 39

    def __post_init__(self) -> None:
        self.say("Create", "jane@example.com", "The kettle broke.\n", minutes_ago=60)

    def say(self, kind: str, creator: str, *texts: str, minutes_ago: float = 0, **more: Any) -> Transaction:
        """Add a transaction; a text that begins with "<" is an HTML part."""
        self._made += 1
        parts = [("text/html" if text.startswith("<") else "text/plain", text) for text in texts]
        when = datetime.now(UTC) - timedelta(minutes=minutes_ago)
        ticket = more.pop("ticket", int(self.ticket_id))
        made = Transaction(self._made, ticket, kind, creator, when, parts, **more)
        self.transactions.append(made)
        return made

    def written(self) -> list[Wrote]:
        ours = [one for one in self.transactions if one.creator == "recoverybot"]
        return [Wrote(one.parts[0][1], one.type == "Correspond") for one in ours]

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        paths: dict[str, Callable[[web.Request], Any]] = {
            "rt": lambda _: {"Version": self.version},
            "user/{name}": self._user,
            "queues/all": lambda _: _page([{"id": "3", "Name": name} for name in self.queues]),
            "customfields": lambda _: _page([{"id": "2"}] if self.has_field else []),
            "tickets": self._tickets,
            "ticket/{id}": self._ticket,
            "ticket/{id}/history": self._history,
            "ticket/{id}/attachments": self._attachments,
            "transactions": self._transactions,
        }
        reading = [web.get(f"{_BASE}/{path}", self._answer(make)) for path, make in paths.items()]
        return [*reading, web.post(_BASE + "/ticket/{id}/{how:comment|correspond}", self._write)]

    def _answer(self, make: Callable[[web.Request], Any]) -> Callable[[web.Request], Any]:
        async def handler(request: web.Request) -> web.Response:
            self.asked.append(request.path.removeprefix(_BASE + "/"))
            if request.headers.get("Authorization") != f"token {TOKEN}":
                return web.json_response({"message": "Unauthorized"}, status=401)
            made = make(request)
            return web.json_response(made if made is not None else {"message": "Not Found"},
                                     status=200 if made is not None else 404)  # fmt: skip

        return handler

    def _user(self, request: web.Request) -> Any:
        name = "recoverybot" if request.match_info["name"] == "33" else request.match_info["name"]
        return {"Name": name, "Privileged": 0, **_PEOPLE[name]} if name in _PEOPLE else None

    def _tickets(self, request: web.Request) -> Any:
        asked = re.findall(r"id = (\d+)", request.query["query"])
        hidden = self.status == "deleted" or self.merged_into or not self.queues
        if hidden or (asked and self.ticket_id not in asked):
            return _page([])
        return _page([self._row()])

    def _row(self) -> dict[str, Any]:
        return {
            "id": self.ticket_id,
            "Subject": "Broken kettle",
            "Status": self.status,
            "Created": "2026-11-21T09:00:00Z",
            "Queue": {"id": "3", "Name": "Support"},
            "Owner": _person("Nobody"),
            "Requestor": [_person(name) for name in self.requestors],
            "CustomFields": "",
        }

    def _ticket(self, request: web.Request) -> Any:
        if request.match_info["id"] != self.ticket_id:
            return None
        number = self.merged_into or int(self.ticket_id)
        return {"id": number, "Status": self.status, "_hyperlinks": [{"ref": ref} for ref in self.links]}

    def _history(self, request: web.Request) -> Any:
        kinds = {one["value"] for one in json.loads(request.query["query"])}
        return _page([one.row() for one in self.transactions if one.type in kinds], request)

    def _attachments(self, request: web.Request) -> Any:
        asked = {one["value"] for one in json.loads(request.query["query"]) if one["field"] == "TransactionId"}
        rows = [
            {"id": str(one.id * 10 + index), "TransactionId": str(one.id), "ContentType": kind, "Content": text}
            for one in self.transactions
            for index, (kind, text) in enumerate(one.parts)
            if str(one.id) in asked
        ]
        return _page(rows, request)

    def _transactions(self, request: web.Request) -> Any:
        query = request.query["query"]
        key = re.search(r"CF\.\{RecoveryKey\} = '([^']*)'", query)
        after = re.search(r"\bid > (\d+)", query)
        kinds = set(re.findall(r"\bType = '(\w+)'", query))
        rows = [
            one.row()
            for one in sorted(self.transactions, key=lambda one: one.id)
            if (not key or one.key == key[1])
            and (not after or one.id > int(after[1]))
            and (not kinds or one.type in kinds)
        ]
        return _page(rows[::-1] if request.query.get("order") == "DESC" else rows, request)

    async def _write(self, request: web.Request) -> web.Response:
        body = await request.json()
        how, kind = request.match_info["how"], body.get("ContentType")
        if not kind:
            return web.json_response({"message": "ContentType is a required field"}, status=400)
        if request.match_info["id"] != self.ticket_id or how not in self.links:
            return web.json_response({"message": "Permission Denied"}, status=400)
        key = body.get("TxnCustomFields", {}).get("RecoveryKey", "") if self.has_field else ""
        made = self.say(how.capitalize(), "recoverybot", key=key)
        made.parts.append((kind, body["Content"]))
        field_told = "Custom fields updated" if key else "Unable to load transaction custom field: RecoveryKey"
        headers = {"Location": f"/REST/2.0/transaction/{made.id}"}
        return web.json_response([f"{how} added", field_told], status=201, headers=headers)


def _page(rows: list[dict[str, Any]], request: web.Request | None = None) -> dict[str, Any]:
    """One page, without a total, as anybody but a superuser gets it."""
    size = min(int(request.query.get("per_page", "20")), 100) if request else 20
    number = int(request.query.get("page", "1")) if request else 1
    items = rows[(number - 1) * size : number * size]
    return {"items": items, "count": len(items), "total": None, "pages": None, "page": number, "per_page": size}


def connect(url: str) -> Connection:
    """A connection to the fake."""
    return Connection("c-1", "a-1", "request_tracker", "shop", url, token=TOKEN)


Talking = Callable[..., AbstractAsyncContextManager[tuple[Desk, Served]]]


@pytest.fixture
def new_fake() -> Callable[..., FakeRequestTracker]:
    return FakeRequestTracker


@pytest.fixture
def talking() -> Talking:
    """Opens a desk on a fake Request Tracker."""

    @asynccontextmanager
    async def opened(fake: FakeRequestTracker, fault: Fault | None = None) -> AsyncIterator[tuple[Desk, Served]]:
        async with serve(fake, fault) as served:
            desk = HELPDESK.open(connect(served.url))
            try:
                yield desk, served
            finally:
                await desk.close()

    return opened
