"""An offer: a decision made into something an agent can give."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from helpdesk_recovery.domain.decision import Decision

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0/O, 1/I/L: people read it aloud


class OfferState(StrEnum):
    """Where an offer is in its life."""

    SUGGESTED = "suggested"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered on one ticket. ``reference`` is the marker people see, such as HR-7F3K2M4Q."""

    case_id: str
    reference: str
    decision: Decision
    state: OfferState
    created_at: datetime


def reference(*parts: str) -> str:
    """Return the reference of an offer made from *parts*: the same parts give the same reference for ever.

    Eight characters of a 31-letter alphabet (40 bits): readable aloud, and unique enough within one ticket.
    """
    number = int.from_bytes(hashlib.sha256("\x1f".join(parts).encode()).digest()[:8], "big")
    digits = []
    for _ in range(8):
        number, index = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[index])
    return "HR-" + "".join(digits)
