"""From the helpdesk's signals to a body worth sending: after commit, and never in the agent's way."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from django.db import transaction
from helpdesk.signals import new_ticket_done, update_ticket_done

from .sending import send

log = logging.getLogger(__name__)


def connect() -> None:
    """Listen; connecting twice is connecting once."""
    new_ticket_done.connect(_on_ticket, dispatch_uid="recovery_companion.ticket")
    update_ticket_done.connect(_on_followup, dispatch_uid="recovery_companion.followup")


def _on_ticket(sender: Any, ticket: Any, **_: Any) -> None:
    transaction.on_commit(partial(_tell, "ticket.created", ticket.pk, None))


def _on_followup(sender: Any, followup: Any, **_: Any) -> None:
    transaction.on_commit(partial(_tell, "followup.created", followup.ticket_id, followup.pk))


def _tell(event: str, ticket_id: int, followup_id: int | None) -> None:
    """Send it; whatever goes wrong here must not reach the request that is being answered."""
    try:
        send(event, _body(event, ticket_id, followup_id))
    except Exception:
        log.exception("%s of ticket %s was not sent; polling will find it", event, ticket_id)


def _body(event: str, ticket_id: int, followup_id: int | None) -> bytes:
    from helpdesk.models import Ticket
    from helpdesk.serializers import TicketSerializer
    from rest_framework.renderers import JSONRenderer

    ticket = Ticket.objects.select_related("queue").get(pk=ticket_id)
    ticket.set_custom_field_values()
    told = {"event": event, "ticket": TicketSerializer(ticket).data, "queue_slug": ticket.queue.slug}
    if followup_id is not None:
        told["followup_id"] = followup_id
    return bytes(JSONRenderer().render(told))
