"""What happened to the customer, as far as a reading tells; the tone of telling it plays no part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk_recovery.assess.happening import Happening, happenings
from helpdesk_recovery.assess.lexicon import Hit
from helpdesk_recovery.assess.reading import Reading, outermost

_ALWAYS = ("safety", "data_privacy")


@dataclass(frozen=True, slots=True)
class Event:
    """A kind of happening and its hits, the strongest first."""

    kind: Happening
    hits: Sequence[Hit]

    @property
    def hit(self) -> Hit:
        """The hit that says it best."""
        return self.hits[0]

    @property
    def harm(self) -> int:
        """Harm 0-5 to begin with; what is only hinted at counts as slight."""
        return self.kind.harm if self.strength == 1.0 else min(self.kind.harm, 1)

    @property
    def strength(self) -> float:
        """1 when a phrase says it outright, 0.5 when it only hints."""
        return self.hit.strength


def events(reading: Reading) -> list[Event]:
    """Return what happened, the surest and worst first.

    Of what the customers say they did themselves, and of what is no complaint, only danger and leaks are here.
    """
    found: dict[str, list[Hit]] = {}
    for hit in reading.all_hits:
        if hit.group == "happened":
            found.setdefault(hit.key, []).append(hit)
    known = happenings()
    each = [Event(known[name], _best_first(hits)) for name, hits in found.items()]
    if _not_ours(reading):
        each = [event for event in each if event.kind.category in _ALWAYS]
    return sorted(each, key=lambda e: (-e.strength, -e.kind.harm, -len(e.hits), e.hit.first))


def _not_ours(reading: Reading) -> bool:
    """Tell whether it is the customer's own fault, or an order, an application or advertising."""
    said = reading.of("said", "own_fault") + reading.of("said", "not_a_complaint")
    return any(hit.strength == 1.0 for hit in said)


def _best_first(hits: list[Hit]) -> list[Hit]:
    """Order by strength; what stands in the body comes before what only the subject says."""
    return sorted(outermost(hits), key=lambda h: (-h.strength, h.end == 0, h.first))


def unsolved(reading: Reading, happened: Sequence[Event]) -> list[Event]:
    """Return what is not put right: of a text that says "it works now", only what it tells after that."""
    solved = _solved(reading, happened)
    if not solved:
        return list(happened)
    since = max(hit.end for hit in solved)
    return [event for event in happened if any(hit.start >= since > 0 for hit in event.hits)]


def _solved(reading: Reading, happened: Sequence[Event]) -> list[Hit]:
    """Return what says that all is well now; "the replacement arrived broken, and now …" says the opposite."""
    told = [hit for event in happened for hit in event.hits]
    said = reading.of("said", "solved")
    return [hit for hit in said if not any(one.start < hit.end and hit.start < one.end for one in told)]


def is_settled(reading: Reading) -> bool:
    """Tell whether the customer says that all is well now, or only thanks us."""
    happened = events(reading)
    if _solved(reading, happened):
        return not unsolved(reading, happened)
    thanks = reading.of("said", "thanks") or reading.of("said", "praise")
    asks = reading.of("said", "question") or reading.questions
    return bool(thanks and not asks and not happened and not reading.of("said", "friction"))
