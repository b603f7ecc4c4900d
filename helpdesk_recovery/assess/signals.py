"""Signals on which routing depends: churn, legal, safety and so on."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk_recovery.assess.events import Event
from helpdesk_recovery.assess.reading import Reading
from helpdesk_recovery.assess.tally import Tally
from helpdesk_recovery.domain.assessment import SIGNALS, Coded

BIAS = -1.6
_HIT, _MOST = 2.6, 3
_REPORTED = 0.5
_EVENT_SAYS = {"data_leaked": "data_breach", "rude": "staff_conduct", "defrauded": "fraud"}
_SAFETY_EVENTS = frozenset({"hazard", "minor_injury", "grave_injury", "fire"})


def signals(reading: Reading, happened: Sequence[Event]) -> list[Tally]:
    """Return the signals at least as likely as not, each with its evidence."""
    tallies = [_signal(reading, happened, code) for code in SIGNALS]
    return [tally for tally in tallies if tally.p >= _REPORTED]


def coded(tallies: Sequence[Tally]) -> tuple[Coded, ...]:
    """Return the codes with their probabilities."""
    return tuple(Coded(tally.signal, tally.p) for tally in tallies)


def _signal(reading: Reading, happened: Sequence[Event], code: str) -> Tally:
    tally = Tally(code, BIAS)
    tally.add_all(reading.of("signal", code), _HIT, _MOST)
    for event in happened:
        if _says(event) == code:
            tally.add(event.hit, _HIT * event.strength)
    return tally


def _says(event: Event) -> str | None:
    name = event.kind.name
    return "safety" if name in _SAFETY_EVENTS else _EVENT_SAYS.get(name)
