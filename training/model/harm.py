"""How bad it is for the customer, 0 none to 5 critical, as far as rules tell: what happened, for how long and to whom.

Nothing about tone, lawyers, competitors or leaving is read here.
"""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk_recovery.assess.events import Event, unsolved
from helpdesk_recovery.assess.reading import Reading
from helpdesk_recovery.assess.worsening import worsenings
from helpdesk_recovery.domain.assessment import Category

_DANGER = 4  # a safety event is at least this bad, whatever a model says

Step = tuple[int, int, int]
"""A level 1-5 that is reached, and start and end of the words that reach it."""


def ruled_harm(reading: Reading, happened: Sequence[Event]) -> list[Step]:
    """Return each level that the rules reach."""
    happened = [event for event in unsolved(reading, happened) if event.kind.harm]
    if not happened:
        return []
    worst = max(happened, key=lambda event: event.harm)
    steps = [(worst.harm, worst.hit.start, worst.hit.end), *worsenings(reading, happened, worst)]
    reached, found = 0, []
    for level, start, end in steps:
        found += [(one, start, end) for one in range(reached + 1, level + 1)]
        reached = max(reached, level)
    return found


def least_harm(reading: Reading, happened: Sequence[Event]) -> int:
    """Return the level below which no model goes: what the rules say of danger told outright, else 0."""
    told = [event for event in unsolved(reading, happened) if event.strength == 1.0]
    danger = any(event.kind.category == Category.SAFETY and event.kind.harm >= _DANGER for event in told)
    return max((level for level, _, _ in ruled_harm(reading, happened)), default=0) if danger else 0
