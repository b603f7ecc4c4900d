"""Signals on which routing depends: churn, legal, safety and so on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from helpdesk_recovery.assess.events import Event
from helpdesk_recovery.assess.lexicon import Hit
from helpdesk_recovery.assess.reading import Reading
from helpdesk_recovery.assess.tally import Tally
from helpdesk_recovery.domain.assessment import GRAVE_SIGNALS, SIGNALS
from training.model.table import Scores

_FLOOR = 0.7
"""Logit that a phrase which says it outright gives at least, where a person's safety or rights are at stake."""
_DANGERS = frozenset({"hazard", "minor_injury", "grave_injury", "fire"})


def signals(scores: Scores, reading: Reading, happened: Sequence[Event], reported: Mapping[str, float]) -> list[Tally]:
    """Return the signals that are told, each with its evidence."""
    told = []
    for code in SIGNALS:
        said = _outright(reading, happened, code) if code in GRAVE_SIGNALS else None
        if said or scores.p(code) >= reported[code]:
            tally = scores.tally(code)
            tally.add(said, max(0.0, _FLOOR - tally.logit) if said else 0.0)
            told.append(tally)
    return told


def _outright(reading: Reading, happened: Sequence[Event], code: str) -> Hit | None:
    """Return a phrase that says *code* without doubt: no model lowers that."""
    hits = [hit for hit in reading.of("signal", code) if hit.strength == 1.0]
    if code == "safety":
        hits += [event.hit for event in happened if event.kind.name in _DANGERS and event.strength == 1.0]
    return hits[0] if hits else None
