"""Whether an offer is what the customer asked for."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk_recovery.domain.assessment import Assessment, NamedAmount
from helpdesk_recovery.domain.decision import Line

_SUMS = frozenset({"refund", "partial_refund", "voucher", "store_credit", "bill_discount"})
_MEETS = {
    "refund": {"refund"},
    "partial_refund": {"partial_refund", "refund"},
    "replacement": {"replacement"},
    "repair": {"repair", "correction", "redo"},
    "apology": {"apology"},
    "cancellation": set(),
    "discount": {"bill_discount"},
    "compensation": _SUMS,
    "callback": {"callback"},
    "explanation": {"explanation"},
    "information": {"information", "explanation"},
}
_NEARLY = {
    "refund": _SUMS | {"replacement"},
    "partial_refund": _SUMS | {"replacement"},
    "replacement": {"refund", "repair"},
    "repair": {"replacement", "refund"},
    "discount": _SUMS,
    "compensation": {"replacement", "redo", "repair"},
}
_RANK = ("not", "partly", "met")


def met(assessment: Assessment, options: Sequence[Sequence[Line]], *, customer_picks: bool) -> str:
    """Say whether what was asked is met | partly | not, or none when nothing was asked.

    Of several *options* the best counts when the customer picks, the worst when it is still open.
    A sum that the customer names is only compared with what is given, never given because of it.
    """
    if assessment.requested_remedy == "none" or not options:
        return "none"
    answers = [_one(assessment.requested_remedy, assessment.named_amount, lines) for lines in options]
    return (max if customer_picks else min)(answers, key=_RANK.index)


def _one(asked: str, named: NamedAmount | None, lines: Sequence[Line]) -> str:
    meets = [line for line in lines if line.remedy in _MEETS.get(asked, ())]
    if meets:
        return "partly" if named and asked in ("compensation", *_SUMS) and _falls_short(named, meets) else "met"
    return "partly" if any(line.remedy in _NEARLY.get(asked, ()) for line in lines) else "not"


def _falls_short(named: NamedAmount, lines: Sequence[Line]) -> bool:
    """Tell whether less than the named sum is given; a refund in full never is, its sum being the whole loss."""
    sums = [line.amount for line in lines if line.remedy in _SUMS]
    if any(amount is None for amount in sums):
        return False
    same = [amount.amount for amount in sums if amount is not None and amount.currency == named.currency]
    return len(same) < len(sums) or sum(same) < named.amount
