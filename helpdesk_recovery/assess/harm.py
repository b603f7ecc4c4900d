"""How bad it is for the customer, 0 none to 5 critical: from what happened, for how long and to whom.

Nothing about tone, lawyers, competitors or leaving is read here.
"""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk_recovery.assess.events import Event, unsolved
from helpdesk_recovery.assess.reading import Reading
from helpdesk_recovery.assess.tally import Tally
from helpdesk_recovery.assess.worsening import worsenings
from helpdesk_recovery.domain.assessment import Graded

BIAS = -2.5
HIGHEST = 5
_MORE = 0.12  # each further event, up to three: never a level of its own
_SURE, _HINTED, _NOTHING = 0.72, 0.55, 0.7  # how often the exact level is right on labelled tickets


def harm(reading: Reading, happened: Sequence[Event]) -> Tally:
    """Add up harm in levels: one unit of logit above the bias is one level."""
    tally = Tally("harm", BIAS)
    happened = [event for event in unsolved(reading, happened) if event.kind.harm]
    if not happened:
        return tally
    worst = max(happened, key=lambda event: event.harm)
    tally.add(worst.hit, float(worst.harm))
    reached = worst.harm
    for worse in worsenings(reading, happened, worst):
        if worse.level > reached:
            tally.weighed.append((worse.start, worse.end, float(worse.level - reached)))
            reached = worse.level
    for event in [event for event in happened if event is not worst][:3]:
        tally.add(event.hit, _MORE * event.strength)
    return tally


def graded_harm(tally: Tally, happened: Sequence[Event]) -> Graded:
    """Return the level, whole levels only, and how sure it is: as sure as the words it hangs on."""
    level = max(0, min(HIGHEST, int(tally.logit - BIAS + 1e-6)))
    if not level:
        return Graded(0, tally.p, _NOTHING)
    strong = any(event.strength == 1.0 and event.kind.harm for event in happened)
    return Graded(level, tally.p, _SURE if strong else _HINTED)
