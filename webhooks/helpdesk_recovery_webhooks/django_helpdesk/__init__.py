"""django-helpdesk (PyPI), for teams that run their own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from helpdesk_recovery.sdk import (
    Capabilities,
    ConfigurationInvalid,
    Connection,
    Delivery,
    EventKind,
    HelpdeskClient,
    HelpdeskInfo,
    Ignored,
    Setup,
    TicketEvent,
)
from helpdesk_recovery_webhooks.django_helpdesk import connecting, inbound
from helpdesk_recovery_webhooks.django_helpdesk.outbound import DjangoHelpdeskDesk


class DjangoHelpdesk:
    """django-helpdesk 2.6, by its hooks or our companion app, and its REST API."""

    info = HelpdeskInfo(
        name="django_helpdesk",
        title="django-helpdesk",
        signature="HTTP Basic in the webhook's URL, or HMAC-SHA256 of time and body by our companion app",
        events=frozenset(
            {
                EventKind.CREATED,
                EventKind.REPLIED,
                EventKind.AGENT_REPLIED,
                EventKind.NOTED,
                EventKind.STATUS_CHANGED,
            }
        ),
        capabilities=Capabilities(poll=True),
        settle_seconds=30.0,  # gunicorn ends a request after 30 s unless told otherwise
        poll_seconds=60,
        token_help="python manage.py drf_create_token recovery",  # noqa: S106 - a command, not a token
    )

    def verify(self, delivery: Delivery, secrets: Sequence[str], now: datetime) -> str | None:
        """Check the signature or the password; neither covers a delivery's id."""
        inbound.verify(delivery, secrets, now)
        return None

    def read(self, delivery: Delivery, connection: Connection) -> TicketEvent | Ignored:
        """Read a hook's body."""
        return inbound.read(delivery, connection)

    def open(self, connection: Connection) -> DjangoHelpdeskDesk:
        """Open the connection; raise ConfigurationInvalid without a URL or a token."""
        if not connection.url or not connection.token:
            raise ConfigurationInvalid(f"connection {connection.name} needs the helpdesk's URL and an API token")
        headers = {"Authorization": f"Token {connection.token}", "Accept-Language": "en"}
        return DjangoHelpdeskDesk(connection, HelpdeskClient(connection.url, headers))

    def setup(self, connection: Connection, webhook_url: str) -> Setup:
        """Say what a person must do in the helpdesk."""
        return connecting.setup(webhook_url)

    def webhook_url(self, public_url: str, connection: Connection) -> str:
        """Return the door's URL with the secret in it."""
        return connecting.webhook_url(public_url, connection)


HELPDESK = DjangoHelpdesk()
