"""What else a ticket may be about when a label is not sure."""

from __future__ import annotations

from collections.abc import Iterator

from helpdesk_recovery.domain.assessment import GRAVE_HARM, Assessment, Category
from helpdesk_recovery.policy.plan import Labels

_NOT_US = "third_party"


def unsure_labels(assessment: Assessment, sure: float) -> tuple[str, ...]:
    """Return the labels whose probability does not reach *sure*, the least sure first."""
    probable = {
        "category": assessment.category.p,
        "harm": assessment.harm.p,
        "attribution": assessment.attribution.p,
    }
    unsure = [name for name, p in probable.items() if not p >= sure]  # so that NaN is unsure too
    return tuple(sorted(unsure, key=lambda name: probable[name]))


def alternatives(assessment: Assessment, labels: Labels, name: str) -> Iterator[Labels]:
    """Yield *labels* with the label *name* read as what it may be instead, the likeliest first.

    Harm may be a level more or less, on the side its score (0-1 for levels 0-5) leans to; a grave level is
    the assessment's own word and not guessed here. Another category is read as "other".
    """
    if name == "harm":
        yield from ({**labels, "harm": level} for level in _levels(assessment))
    elif name == "category" and labels["category"] != Category.OTHER:
        yield {**labels, "category": str(Category.OTHER)}
    elif name == "attribution":
        yield {**labels, "attribution": _NOT_US if labels["attribution"] in ("us", "unclear") else "us"}


def _levels(assessment: Assessment) -> list[int]:
    level, leans_up = assessment.harm.level, assessment.harm.score * 5 >= assessment.harm.level
    either = [level + 1, level - 1] if leans_up else [level - 1, level + 1]
    return [other for other in either if 0 <= other < GRAVE_HARM]
