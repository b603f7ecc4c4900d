"""What the customer asks for, and the sum if they name one."""

from __future__ import annotations

from helpdesk_recovery.assess.amounts import amounts
from helpdesk_recovery.assess.reading import Reading
from helpdesk_recovery.assess.tally import Tally
from helpdesk_recovery.domain.assessment import REQUESTED_REMEDIES, NamedAmount

_WEIGHTS = {"information": 0.6, "explanation": 0.8, "repair": 0.8, "refund": 1.1, "none": 0.0}
_MOST = 3
_MONEY = ("refund", "partial_refund", "compensation", "discount")
_LEAST = 0.45
_NEAR = 40  # characters between what is asked and its sum


def requested_remedy(reading: Reading, p_complaint: float) -> Tally | None:
    """Return what is asked for most clearly, with its evidence; None when nothing is."""
    tallies = [Tally(f"remedy:{code}", 0.0) for code in REQUESTED_REMEDIES]
    for code, tally in zip(REQUESTED_REMEDIES, tallies, strict=True):
        tally.add_all(reading.of("remedy", code), _WEIGHTS.get(code, 1.0), _MOST)
        if code == "information" and reading.questions and p_complaint < 0.5:
            tally.add(None, 0.5)
    best = max(tallies, key=lambda tally: tally.logit)
    return best if best.logit >= _LEAST else None


def named_amount(reading: Reading) -> NamedAmount | None:
    """Return the sum the customer names as wanted; a cost that is only mentioned is not one."""
    asked = [hit for code in _MONEY for hit in reading.of("remedy", code) if hit.end]
    wanted = [
        (_distance(amount.start, amount.end, hit.start, hit.end), -index, amount.named)
        for index, amount in enumerate(amounts(reading.text, reading.pack.kr))
        for hit in asked
    ]
    close = [row for row in wanted if row[0] <= _NEAR]
    return min(close, key=lambda row: row[:2])[2] if close else None


def _distance(start: int, end: int, other_start: int, other_end: int) -> int:
    return max(0, other_start - end, start - other_end)
