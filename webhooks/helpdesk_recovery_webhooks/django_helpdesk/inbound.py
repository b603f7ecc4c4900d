"""From a hook's bytes to an event. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import ValidationError

from helpdesk_recovery.sdk import Connection, Delivery, Ignored, TicketEvent, Unreadable, strict_json
from helpdesk_recovery.sdk.signatures import verify_basic, verify_timestamped
from helpdesk_recovery_webhooks.django_helpdesk.thread import created, event_of
from helpdesk_recovery_webhooks.django_helpdesk.wire import Hook

USER = "recovery"
SIGNATURE = "x-helpdesk-signature"
TIMESTAMP = "x-helpdesk-timestamp"


def verify(delivery: Delivery, secrets: Sequence[str], now: datetime) -> None:
    """Check the companion app's signature where there is one, else the Basic password of the webhook URL."""
    if delivery.headers_named(SIGNATURE):
        verify_timestamped(delivery, secrets, now, signature=SIGNATURE, timestamp=TIMESTAMP)
    else:
        verify_basic(delivery, secrets, user=USER)


def read(delivery: Delivery, connection: Connection) -> TicketEvent | Ignored:
    """Read a hook's body; the ticket in it is a hint only, so it is left to be fetched."""
    hook = _hook(delivery.body)
    ticket = hook.ticket
    if hook.followup_id is not None:
        found = next((one for one in ticket.followup_set if one.id == hook.followup_id), None)
        if found is None or found.ticket != ticket.id:
            raise Unreadable("the follow-up that it tells of is not in it", reason="followup")
        return event_of(found, connection.options)
    first = next(iter(ticket.thread()), None)
    return created(ticket.id, first.date if first else delivery.received_at)


def _hook(body: bytes) -> Hook:
    raw = strict_json(body)
    try:
        return Hook.model_validate(raw)
    except (ValidationError, RecursionError) as error:
        where = error.errors()[0]["loc"] if isinstance(error, ValidationError) else ()
        place = ".".join(str(step) for step in where) or "the body"
        raise Unreadable(f"not a django-helpdesk hook: see {place}", reason="shape") from None
