"""What became of an offer: something seen on the ticket after we wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Observation:
    """One later happening on a ticket with a case: an agent's reply, a new status, a rating."""

    case_id: str
    what: str
    value: str | None
    occurred_at: datetime
