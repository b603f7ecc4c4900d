"""Deliveries of our scrip: checked over the raw bytes, then read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import ValidationError

from helpdesk_recovery.sdk import Connection, Delivery, Ignored, TicketEvent, Unreadable, strict_json
from helpdesk_recovery.sdk.signatures import verify_timestamped
from helpdesk_recovery_webhooks.request_tracker.happening import Happening, bot_user, read_happening
from helpdesk_recovery_webhooks.request_tracker.wire import Hook

SIGNATURE = "x-rt-signature"
TIMESTAMP = "x-rt-timestamp"


def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> None:
    """Check ``sha256=`` + hex HMAC-SHA256 of ``timestamp.body``.

    X-RT-Delivery is not signed, so it names nothing that we could rely on.
    """
    verify_timestamped(delivery, secrets, now, signature=SIGNATURE, timestamp=TIMESTAMP)


def read(delivery: Delivery, connection: Connection) -> TicketEvent | Ignored:
    """Read a verified delivery; the ticket itself is fetched fresh, the payload has none of its text."""
    value = strict_json(delivery.body)
    try:
        hook = Hook.model_validate(value)
    except ValidationError as problem:
        first = problem.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "body"
        raise Unreadable(f"{place}: {first['msg']}", reason="payload") from None
    return read_happening(_happening(hook), bot_user(connection))


def _happening(hook: Hook) -> Happening:
    told = hook.transaction
    return Happening(
        id=told.id,
        ticket_id=hook.ticket.id,
        type=told.type,
        created=told.created,
        creator=told.creator,
        email=told.creator_email or "",
        privileged=told.creator_privileged,
        requestors=tuple(name for name in hook.ticket.requestors if name),
        new_value=told.new_value or "",
        reference=told.reference or "",
    )
