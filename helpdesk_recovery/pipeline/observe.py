"""Later events → what became of the offer."""

from __future__ import annotations

from helpdesk_recovery.domain.observation import Observation
from helpdesk_recovery.domain.ticket import TicketEvent


def observe(case_id: str, event: TicketEvent) -> Observation:
    """Turn something that happened on a case's ticket into an observation, without any text of it."""
    return Observation(case_id, str(event.kind), event.value, event.occurred_at)
