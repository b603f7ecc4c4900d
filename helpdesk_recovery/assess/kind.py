"""What kind of complaint it is, what was lost and whose doing it is."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk_recovery.assess.events import Event
from helpdesk_recovery.assess.reading import Reading
from helpdesk_recovery.assess.tally import Tally, softmax
from helpdesk_recovery.domain.assessment import Category, Coded

_TOPIC, _TOPIC_MOST = 0.55, 3
_PRAISED = 0.6  # praise is most often of service
_NOTHING_ELSE = 0.4  # what speaks for "other" when nothing happened
_GRAVE = {5: 1.2, 4: 0.6}  # the graver event names the category
_OURS, _CUSTOMERS, _UNCLEAR = 0.9, 0.75, 0.65  # nearly every complaint that names nobody else is about us


def category(reading: Reading, happened: Sequence[Event]) -> tuple[Coded, Tally]:
    """Return the likeliest category with its probability, and its evidence against "other"."""
    tallies = {code.value: Tally(f"category:{code.value}", 0.0) for code in Category}
    for event in happened:
        grave = _GRAVE.get(event.harm, 0.0)
        tallies[event.kind.category].add(event.hit, (event.kind.sure + grave) * event.strength)
    for code, tally in tallies.items():
        tally.add_all(reading.of("topic", code), _TOPIC, _TOPIC_MOST)
    if not happened:
        tallies["service_quality"].add_all(reading.of("said", "praise"), _PRAISED, 2)
        tallies["other"].add(None, _NOTHING_ELSE)
    spoken = [tally for tally in tallies.values() if tally.weighed or tally is tallies["other"]]
    odds = softmax(tally.logit for tally in spoken)
    best = max(range(len(spoken)), key=lambda index: odds[index])
    return Coded(spoken[best].signal.removeprefix("category:"), odds[best]), spoken[best]


def loss_type(happened: Sequence[Event], level: int) -> str:
    """Return what was mainly lost: what the worst event takes, "none" without harm."""
    if not happened or level == 0:
        return "none"
    return max(happened, key=lambda event: event.harm).kind.loss


def attribution(reading: Reading, happened: Sequence[Event], p_complaint: float) -> Coded:
    """Return who did it: what the customer says of others counts before our own part."""
    if reading.of("attribution", "customer"):
        return Coded("customer", _CUSTOMERS)
    if not happened and p_complaint < 0.5:
        return Coded("unclear", _UNCLEAR)
    for code in ("force_majeure", "third_party"):
        if len(reading.of("attribution", code)) > 1:
            return Coded(code, 0.5)
    return Coded("us", _OURS)
