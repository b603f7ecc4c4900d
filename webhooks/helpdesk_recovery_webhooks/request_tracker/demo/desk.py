"""A running Request Tracker as its people use it: customers by mail, agents in the browser."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formataddr, make_msgid

from helpdesk_recovery.sdk import Sample
from helpdesk_recovery_webhooks.request_tracker.demo.server import Server
from helpdesk_recovery_webhooks.request_tracker.demo.site import MAILGATE, Site

_TICKET = re.compile(r"^Ticket: (\d+)", re.MULTILINE)


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
        return self._receive(sample, sample.subject)

    def reply(self, ticket_id: str, sample: Sample) -> None:
        """Reply to a ticket by the customer's mail."""
        self._receive(sample, f"Re: [rt.test #{ticket_id}] {sample.subject}")

    def ticket_page(self, ticket_id: str) -> str:
        """Return the URL of the ticket's page."""
        return f"{self.base_url}/Ticket/Display.html?id={ticket_id}"

    def stop(self) -> None:
        """Stop the server; the folder keeps everything for the next start."""
        self._server.stop()

    def _receive(self, sample: Sample, subject: str) -> str:
        """Hand a mail to RT's mail gateway, as the company's mail server would; return its ticket's id."""
        mail = EmailMessage()
        mail["From"] = formataddr((sample.name, sample.email))
        mail["To"] = "support@rt.test"
        mail["Subject"] = subject
        mail["Message-ID"] = make_msgid(domain="customer.test")
        mail.set_content(sample.body)
        command = [MAILGATE, "--queue", "Support", "--action", "correspond", "--url", self.base_url, "--debug"]
        done = subprocess.run(command, input=bytes(mail), capture_output=True, check=False, timeout=120)  # noqa: S603
        said = done.stderr.decode("utf-8", "replace")
        found = _TICKET.search(said)
        if done.returncode or found is None:
            raise RuntimeError(f"Request Tracker did not take the mail: {said[-1000:]}")
        return found[1]
