"""A stand-in for django-helpdesk's REST API, with the habits of the real one that matter to us."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from math import ceil
from typing import Any

import pytest
from aiohttp import web

from helpdesk_recovery.sdk.testing import Wrote

BOT = 2
CUSTOMER = "ruta@example.com"
_PRINTED = re.compile(r'\{\{ "(.)" \}\}')
_TAG = re.compile(r"\{%|%\}|\{\{.*?\}\}|\{#.*?#\}|X-HELPDESK-COMMENT-")


class FakeDjangoHelpdesk:
    """Tickets and follow-ups in memory. ``mailed`` is what went out; ``private_is_public`` breaks privacy."""

    base_path = ""
    ticket_id = "1"

    def __init__(self) -> None:
        self.tickets: dict[int, dict[str, Any]] = {}
        self.followups: dict[int, dict[str, Any]] = {}
        self.mailed: list[str] = []
        self.private_is_public = False
        self.open_ticket("Broken kettle", "It came broken. I want my money back!")

    def open_ticket(self, title: str, description: str, **more: Any) -> int:
        """Open a ticket as the web form does."""
        number = len(self.tickets) + 1
        base = {"queue": 1, "submitter_email": CUSTOMER, "assigned_to": None, "status": 1, "merged_to": None}
        opened = {"title": title, "description": description, "custom_order_number": ""}
        self.tickets[number] = {"id": number, **base, **opened, **more}
        self.add(number, description, title="Ticket Opened Via Web")
        return number

    def add(self, ticket: int, comment: str | None, **more: Any) -> dict[str, Any]:
        """Add a follow-up; without more it is a public one by nobody."""
        number = max(self.followups, default=0) + 1
        date = f"2026-11-21T14:{number // 60 % 60:02}:{number % 60:02}.000001-06:00"
        row = {"id": number, "ticket": ticket, "comment": comment, "public": True, "user": None, "title": ""}
        self.followups[number] = {**row, "new_status": None, "message_id": None, "date": date, **more}
        return self.followups[number]

    def reply(self, ticket: int, comment: str, sender: str = CUSTOMER) -> dict[str, Any]:
        """Add what the sender wrote by mail."""
        title = f"E-Mail Received from {sender}"
        return self.add(ticket, comment, title=title, message_id=f"<{len(self.followups)}@example.com>")

    def written(self) -> Sequence[Wrote]:
        """Return what our bot wrote."""
        rows = (row for row in self.followups.values() if row["user"] == BOT)
        return [Wrote(row["comment"], row["public"]) for row in rows]

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Return the API's routes that we use."""
        return [
            web.get(r"/api/tickets/{id:\d+}/", self._one_ticket),
            web.get("/api/followups/", self._list_followups),
            web.post("/api/followups/", self._post),
            web.patch(r"/api/followups/{id:\d+}/", self._patch),
        ]

    async def _one_ticket(self, request: web.Request) -> web.Response:
        ticket = self.tickets.get(int(request.match_info["id"]))
        among = request.query.get("status")
        if ticket is None or (among and str(ticket["status"]) not in among.split(",")):
            return web.json_response({"detail": "No Ticket matches the given query."}, status=404)
        return web.json_response(self._whole(ticket))

    async def _list_followups(self, request: web.Request) -> web.Response:
        return _page(request, sorted(self.followups.values(), key=lambda row: row["date"]))

    async def _post(self, request: web.Request) -> web.Response:
        sent = await request.json()
        if sent["ticket"] not in self.tickets:
            words = f'Invalid pk "{sent["ticket"]}" - object does not exist.'
            return web.json_response({"ticket": [words]}, status=400)
        if _TAG.search(_PRINTED.sub("", sent["comment"])):
            return web.Response(status=500, text="Server Error (500)")
        if "title" in sent:
            self.tickets[sent["ticket"]]["title"] = sent["title"]
        comment = _PRINTED.sub(lambda found: found[1], sent["comment"]).strip()
        self.mailed.append(comment)
        public = sent.get("public", False) or self.private_is_public
        return web.json_response(self.add(sent["ticket"], comment, public=public, user=BOT), status=201)

    async def _patch(self, request: web.Request) -> web.Response:
        row = self.followups.get(int(request.match_info["id"]))
        if row is None:
            return web.json_response({"detail": "No FollowUp matches the given query."}, status=404)
        row.update(await request.json())
        return web.json_response(row)

    def _whole(self, ticket: dict[str, Any]) -> dict[str, Any]:
        rows = [row for row in self.followups.values() if row["ticket"] == ticket["id"]]
        return {**ticket, "followup_set": rows[::-1]}


def _page(request: web.Request, rows: list[dict[str, Any]]) -> web.Response:
    size = int(request.query.get("page_size", "25"))
    last = max(ceil(len(rows) / size), 1)
    number = last if request.query.get("page") == "last" else int(request.query.get("page", "1"))
    shown = rows[(number - 1) * size : number * size]
    return web.json_response({"count": len(rows), "next": None, "previous": None, "results": shown})


@pytest.fixture
def new_fake() -> Callable[[], FakeDjangoHelpdesk]:
    return FakeDjangoHelpdesk
