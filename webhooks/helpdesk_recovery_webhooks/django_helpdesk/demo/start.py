"""Starting it: what must be installed, and the order of things."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from helpdesk_recovery_webhooks.django_helpdesk.demo.process import DeskProcess
from helpdesk_recovery_webhooks.django_helpdesk.demo.running import RunningDesk
from helpdesk_recovery_webhooks.django_helpdesk.demo.state import State


class DjangoHelpdeskDemo:
    """Starts django-helpdesk; ``signed`` delivers through the companion app instead of the built-in hooks."""

    helpdesk = "django_helpdesk"

    def __init__(self, *, signed: bool = False) -> None:
        self._signed = signed

    def missing(self) -> str | None:
        """Say how to install django-helpdesk where it is not installed."""
        if all(find_spec(name) for name in ("django", "helpdesk", "rest_framework")):
            return None
        return "django-helpdesk is not installed: pip install 'helpdesk-recovery[demo]'"

    def start(self, folder: Path, webhook_url: str, secret: str, say: Callable[[str], None]) -> RunningDesk:
        """Start it with data, mail and log in *folder*; on a second run it keeps tickets, token and, if free, port.

        Raises RuntimeError with the log's last lines when it does not come up within a minute.
        """
        state = State.of(folder)
        state.take_over()
        first = not state.database.exists()
        say("django-helpdesk: making its database (about 10 seconds)" if first else "django-helpdesk: starting")
        process = DeskProcess(state, self._environment(webhook_url, secret))
        process.start()
        say(f"django-helpdesk: ready at {process.base_url}")
        return RunningDesk(state, process)

    def _environment(self, webhook_url: str, secret: str) -> dict[str, str]:
        if self._signed:
            return {"RECOVERY_WEBHOOK_URL": webhook_url, "RECOVERY_WEBHOOK_SECRET": secret}
        url = with_password(webhook_url, secret)
        return {"HELPDESK_NEW_TICKET_WEBHOOK_URLS": url, "HELPDESK_FOLLOWUP_WEBHOOK_URLS": url}


def with_password(url: str, secret: str) -> str:
    """Return *url* with user ``recovery`` and *secret* as Basic password, unless it already names a user."""
    parts = urlsplit(url)
    if "@" in parts.netloc:
        return url
    return urlunsplit(parts._replace(netloc=f"recovery:{quote(secret, safe='')}@{parts.netloc}"))
