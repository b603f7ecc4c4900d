"""The running desk, as customers and agents of the demonstration meet it."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formataddr
from typing import Any
from urllib.parse import urlencode

from helpdesk_recovery.sdk import Sample
from helpdesk_recovery_webhooks.django_helpdesk.demo.process import DeskProcess, exchange
from helpdesk_recovery_webhooks.django_helpdesk.demo.project.names import QUEUE_EMAIL, QUEUE_SLUG
from helpdesk_recovery_webhooks.django_helpdesk.demo.state import State

_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_QUEUE = re.compile(r'<option value="(\d+)"[^>]*>\s*Support')
_FORM = "application/x-www-form-urlencoded"


class RunningDesk:
    """A django-helpdesk with a queue, an agent and our bot."""

    def __init__(self, state: State, process: DeskProcess) -> None:
        self._state = state
        self._process = process
        self.folder = state.folder
        self.base_url = process.base_url
        self.token = state.token
        self.sign_in = f"user agent, password {state.agent_password}"
        self.options: Mapping[str, str] = {"bot_user": self._bot_id()}

    def file_ticket(self, sample: Sample) -> str:
        """File a ticket through the public web form; return its id.

        Where the webhook's receiver is down the form answers 500 although the ticket stands: it is looked up.
        """
        status, headers, page = self._post_form(sample)
        if status == 302:
            return headers["location"].partition(f"ticket={QUEUE_SLUG}-")[2].partition("&")[0]
        if status >= 500:
            return self._newest_of(sample)
        raise RuntimeError(f"django-helpdesk refused the ticket: {status}, {page[:300]}")

    def reply(self, ticket_id: str, sample: Sample) -> None:
        """Reply by e-mail: put a message in the mailbox and let the helpdesk read it."""
        message_id = f"<{secrets.token_hex(8)}@example.com>"
        path = self._state.inbox / f"{message_id.strip('<>')}.eml"
        path.write_bytes(_mail(ticket_id, sample, message_id).as_bytes())
        self._process.manage("get_email", "--quiet")
        if path.exists() and not self._has_message(message_id):
            raise RuntimeError(f"django-helpdesk did not take the reply to ticket {ticket_id}")
        # Where the webhook's receiver is down get_email leaves the mail it has already filed, to file it twice.
        path.unlink(missing_ok=True)

    def ticket_page(self, ticket_id: str) -> str:
        """Return the URL of the ticket's page for an agent."""
        return f"{self.base_url}/tickets/{ticket_id}/"

    def manage(self, *arguments: str) -> str:
        """Run one of the helpdesk's management commands; return what it printed."""
        return self._process.manage(*arguments)

    def stop(self) -> None:
        """Stop the server."""
        self._process.stop()

    def _post_form(self, sample: Sample) -> tuple[int, dict[str, str], str]:
        _, headers, page = exchange(self.base_url, "GET", "/tickets/submit/")
        token, queue = _CSRF.search(page), _QUEUE.search(page)
        if token is None or queue is None:
            raise RuntimeError("django-helpdesk shows no public ticket form")
        form = {"csrfmiddlewaretoken": token[1], "queue": queue[1], "title": sample.subject, "body": sample.body}
        form |= {"priority": "3", "submitter_email": sample.email}
        cookie = headers.get("set-cookie", "").partition(";")[0]
        sent = {"Content-Type": _FORM, "Cookie": cookie}
        return exchange(self.base_url, "POST", "/tickets/submit/", urlencode(form).encode(), sent)

    def _newest_of(self, sample: Sample) -> str:
        for ticket in sorted(self._api("tickets/?page=last"), key=lambda found: -found["id"]):
            if (ticket["title"], ticket["submitter_email"]) == (sample.subject, sample.email):
                return str(ticket["id"])
        raise RuntimeError("django-helpdesk answered 500 and kept no ticket")

    def _has_message(self, message_id: str) -> bool:
        return any(found["message_id"] == message_id for found in self._api("followups/?page=last"))

    def _bot_id(self) -> str:
        path = self._state.folder / "bot"
        return path.read_text().strip()

    def _api(self, path: str) -> list[dict[str, Any]]:
        headers = {"Authorization": f"Token {self.token}"}
        _, _, text = exchange(self.base_url, "GET", f"/api/{path}", headers=headers)
        return list(json.loads(text)["results"])


def _mail(ticket_id: str, sample: Sample, message_id: str) -> EmailMessage:
    """Return a customer's mail, quoted-printable: in 7 and 8-bit text a backslash is read as an escape there."""
    mail = EmailMessage()
    mail["From"] = formataddr((sample.name, sample.email))
    mail["To"] = QUEUE_EMAIL
    mail["Subject"] = f"Re: [{QUEUE_SLUG}-{ticket_id}] {sample.subject}"
    mail["Message-ID"] = message_id
    mail.set_content(sample.body, cte="quoted-printable")
    return mail
