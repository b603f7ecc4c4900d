"""Something we do in the outside world, exactly once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EffectState(StrEnum):
    """Where an effect is: only DONE, REFUSED, WITHHELD and DEAD are final."""

    INTENDED = "intended"
    SENDING = "sending"
    UNKNOWN = "unknown"
    DONE = "done"
    REFUSED = "refused"
    WITHHELD = "withheld"
    DEAD = "dead"


class EffectKind(StrEnum):
    """What kind of effect."""

    NOTE = "note"


OPEN_STATES = frozenset({EffectState.INTENDED, EffectState.SENDING, EffectState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Effect:
    """One row of the outbox. ``key`` is its idempotency key and the marker in what it writes.

    ``tries`` counts how often it was sent; ``sent_at`` is when it was sent last; times are UTC.
    """

    id: str
    case_id: str
    connection: str
    ticket_id: str
    kind: EffectKind
    key: str
    text: str
    html: str
    state: EffectState
    tries: int
    created_at: datetime
    due_at: datetime
    sent_at: datetime | None = None
    reason: str | None = None
    external_id: str | None = None
