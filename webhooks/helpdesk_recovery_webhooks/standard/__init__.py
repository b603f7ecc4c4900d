"""Any home-made desk: Standard Webhooks both ways, with the whole ticket in each event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from helpdesk_recovery.sdk import (
    Capabilities,
    Connection,
    Delivery,
    Desk,
    EventKind,
    Helpdesk,
    HelpdeskInfo,
    Ignored,
    Setup,
    TicketEvent,
)
from helpdesk_recovery.sdk.signatures import verify_standard
from helpdesk_recovery_webhooks.standard import inbound
from helpdesk_recovery_webhooks.standard.outbound import StandardDesk


class Standard:
    """The helpdesk of everybody who wrote their own."""

    info = HelpdeskInfo(
        name="standard",
        title="Standard Webhooks (any home-made desk)",
        signature="Standard Webhooks: HMAC-SHA256 over id, time and body",
        events=frozenset(EventKind),
        capabilities=Capabilities(html_notes=True),
        settle_seconds=30.0,
        retries=True,
        poll_seconds=None,
        needs_url=False,
        needs_token=False,
    )

    def verify(self, delivery: Delivery, secrets: Sequence[str], now: datetime) -> str | None:
        """Return the signed ``webhook-id``."""
        return verify_standard(delivery, secrets, now)

    def read(self, delivery: Delivery, connection: Connection) -> TicketEvent | Ignored:
        """Read one of our documented events."""
        return inbound.read(delivery, connection)

    def open(self, connection: Connection) -> Desk:
        """Open the desk; without a URL it refuses every write in words."""
        return StandardDesk(connection)

    def setup(self, connection: Connection, webhook_url: str) -> Setup:
        """Say what the desk's developer does."""
        steps = [
            f"Send each event to {webhook_url}, signed with this connection's secret (Standard Webhooks).",
            "Send again, with the same webhook-id, until the answer is 2xx.",
        ]
        if connection.url:
            steps.append(f"Take note.add, reply.add and ping at {connection.url}; drop a webhook-id you know.")
        return Setup(steps=tuple(steps))

    def webhook_url(self, public_url: str, connection: Connection) -> str:
        """Return the door's URL; the secret is never in it."""
        return f"{public_url.rstrip('/')}/webhooks/{self.info.name}/{connection.name}"


HELPDESK: Helpdesk = Standard()
