"""A running Request Tracker as its people use it: customers by mail, agents in the browser."""

from __future__ import annotations

import json
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formataddr, make_msgid
from typing import Any

from helpdesk_recovery.sdk import Sample
from helpdesk_recovery_webhooks.request_tracker.demo.server import Server
from helpdesk_recovery_webhooks.request_tracker.demo.site import MAILGATE, Site


class RunningDesk:
    """Request Tracker, running. ``mail`` is the file with every mail it would have sent."""

    options: Mapping[str, str] = {"bot_user": "recoverybot"}
    sign_in = "user agent, password agent-pw"

    def __init__(self, site: Site, server: Server) -> None:
        self._server = server
        self.base_url = site.base_url
        self.token = site.token()
        self.agent_token = site.token(".agent")
        self.mail = site.mail

    def file_ticket(self, sample: Sample) -> str:
        """File a ticket by the customer's mail; return its id."""
        self._receive(sample, sample.subject)
        for ticket in self._newest():
            senders = {person["EmailAddress"].casefold() for person in ticket["Requestor"]}
            if ticket["Subject"] == sample.subject and sample.email.casefold() in senders:
                return str(ticket["id"])
        raise RuntimeError(f"Request Tracker took the mail of {sample.email}, but there is no ticket of it")

    def reply(self, ticket_id: str, sample: Sample) -> None:
        """Reply to a ticket by the customer's mail."""
        self._receive(sample, f"Re: [rt.test #{ticket_id}] {sample.subject}")

    def ticket_page(self, ticket_id: str) -> str:
        """Return the URL of the ticket's page."""
        return f"{self.base_url}/Ticket/Display.html?id={ticket_id}"

    def stop(self) -> None:
        """Stop the server; the folder keeps everything for the next start."""
        self._server.stop()

    def _receive(self, sample: Sample, subject: str) -> None:
        """Hand a mail to RT's mail gateway, as the company's mail server would."""
        mail = EmailMessage()
        mail["From"] = formataddr((sample.name, sample.email))
        mail["To"] = "support@rt.test"
        mail["Subject"] = subject
        mail["Message-ID"] = make_msgid(domain="customer.test")
        mail.set_content(sample.body)
        command = [MAILGATE, "--queue", "Support", "--action", "correspond", "--url", self.base_url, "--debug"]
        done = subprocess.run(command, input=bytes(mail), capture_output=True, check=False, timeout=120)  # noqa: S603
        said = done.stderr.decode("utf-8", "replace")
        if done.returncode or "\nok" not in said:
            raise RuntimeError(f"Request Tracker did not take the mail: {said[-1000:]}")

    def _newest(self) -> list[dict[str, Any]]:
        """Read the newest tickets as the agent; the mail gateway does not tell which one it made."""
        asked = {
            "query": "id > 0",
            "orderby": "id",
            "order": "DESC",
            "fields": "Subject,Requestor",
            "fields[Requestor]": "EmailAddress",
        }
        request = urllib.request.Request(  # noqa: S310 - our own loopback URL
            f"{self.base_url}/REST/2.0/tickets?{urllib.parse.urlencode(asked)}",
            headers={"Authorization": f"token {self.agent_token}"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own loopback URL
            items: list[dict[str, Any]] = json.load(answer)["items"]
        return items
