"""A real helpdesk on loopback, used as its people use it, and read back through its own API."""

from __future__ import annotations

import asyncio
import json
import re
import urllib.error
import urllib.request
from pathlib import Path

from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.ticket import Message, Ticket
from helpdesk_recovery.plugins import installed
from helpdesk_recovery.sdk.demo import Demo, Sample
from helpdesk_recovery_webhooks.django_helpdesk.demo.running import RunningDesk as DjangoDesk
from helpdesk_recovery_webhooks.request_tracker.demo.desk import RunningDesk as RequestTrackerDesk
from installation.home import SECRET, free_port

_MARKER = re.compile(r"\bHR-[2-9A-HJ-NP-Z]{8}\b")
_TAG = re.compile(r"<[^>]+>")


class RealDesk:
    """It calls ``/webhooks/<helpdesk>/desk`` on *port*, whoever listens there."""

    def __init__(self, demo: Demo, folder: Path) -> None:
        self.helpdesk = demo.helpdesk
        self.port = free_port()
        self._plugin = installed().helpdesk(demo.helpdesk)
        ours = self._connection("")
        self._desk = demo.start(folder, self._plugin.webhook_url(f"http://127.0.0.1:{self.port}", ours), SECRET, print)
        self.url = self._desk.base_url
        self.token = self._desk.token
        self.options = tuple(f"{name}={value}" for name, value in self._desk.options.items())
        self._opened = self._connection(self.url, self.token, dict(self._desk.options))
        self._agent = self._agent_reply()

    def stop(self) -> None:
        self._desk.stop()

    def file(self, sample: Sample) -> str:
        """File a ticket as its customer; return its id."""
        return self._desk.file_ticket(sample)

    def reply(self, ticket_id: str, sample: Sample) -> None:
        """Reply as the ticket's customer."""
        self._desk.reply(ticket_id, sample)

    def agent_replies(self, ticket_id: str, text: str) -> None:
        """Reply in public as an agent. Where our door is down a helpdesk may answer 500 although it has kept it."""
        path, headers, body = self._agent
        filled = {name: value.format(ticket=ticket_id, text=text) for name, value in body.items()}
        request = urllib.request.Request(self.url + path.format(ticket=ticket_id), json.dumps(filled).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                answer.read()
        except urllib.error.HTTPError as error:
            with error:
                assert error.code == 500, error.read()

    def ticket(self, ticket_id: str) -> Ticket:
        """Return the ticket with its whole conversation."""
        return asyncio.run(self._fetch(ticket_id))

    def notes(self, ticket_id: str) -> list[Message]:
        """Return every message with a reference of ours in it, oldest first, whoever is said to have written it."""
        return [message for message in self.ticket(ticket_id).messages if references(message)]

    async def _fetch(self, ticket_id: str) -> Ticket:
        desk = self._plugin.open(self._opened)
        try:
            return await desk.fetch_ticket(ticket_id)
        finally:
            await desk.close()

    def _connection(self, url: str, token: str = "", options: dict[str, str] | None = None) -> Connection:
        return Connection(
            "c", "a", self.helpdesk, "desk", url, token=token, secrets=(SECRET,), options=options or {}
        )  # fmt: skip

    def _agent_reply(self) -> tuple[str, dict[str, str], dict[str, str]]:
        """Return path, headers and body of an agent's public reply."""
        if isinstance(self._desk, RequestTrackerDesk):
            authorization = f"token {self._desk.agent_token}"
            path, body = "/REST/2.0/ticket/{ticket}/correspond", {"ContentType": "text/plain", "Content": "{text}"}
        else:
            assert isinstance(self._desk, DjangoDesk)
            token = self._desk.manage("drf_create_token", "agent").split("token ")[1].split()[0]
            authorization = f"Token {token}"
            path, body = "/api/followups/", {"ticket": "{ticket}", "comment": "{text}", "public": "true"}
        return path, {"Authorization": authorization, "Content-Type": "application/json"}, body


def references(message: Message) -> list[str]:
    """Return the references of ours that stand in *message*."""
    return sorted(set(_MARKER.findall(message.text)))


def words(message: Message) -> str:
    """Return the text of *message* without its markup."""
    return _TAG.sub(" ", message.text).strip()
