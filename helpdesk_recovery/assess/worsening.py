"""What makes a harm worse: time, money, its coming back, the occasion, and whom it hits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from helpdesk_recovery.assess.amounts import amounts
from helpdesk_recovery.assess.duration import durations
from helpdesk_recovery.assess.events import Event
from helpdesk_recovery.assess.lexicon import Hit
from helpdesk_recovery.assess.reading import Reading

_MONEY = ((500.0, 4), (50.0, 3))  # more than so many euros: at least this level
_NEAR = 2  # sentences between an event and the time that belongs to it
_MODERATE, _SERIOUS, _SEVERE = 2, 3, 4


class Worse(NamedTuple):
    """At least this level, because of the words from start to end (0, 0: those of the subject)."""

    level: int
    start: int
    end: int


def worsenings(reading: Reading, happened: Sequence[Event], worst: Event) -> Iterator[Worse]:
    """Yield what raises the harm of *worst*, in an order in which each may build on the one before."""
    yield from _by_time(reading, happened)
    yield from _by_money(reading, happened)
    if worst.harm >= _MODERATE:
        yield from _by(reading.of("worse", "repeated"), _SERIOUS)
        yield from _by(reading.of("worse", "occasion"), _SERIOUS)
        yield from _by(reading.of("worse", "livelihood"), _SEVERE)
        yield from _by_whom(reading, worst)


def _by(hits: Sequence[Hit], level: int) -> Iterator[Worse]:
    for hit in hits[:1]:
        yield Worse(level, hit.start, hit.end)


def _by_time(reading: Reading, happened: Sequence[Event]) -> Iterator[Worse]:
    lasting = [event for event in happened if event.kind.days]
    for duration in durations(reading):
        for event in lasting:
            near = any(h.end == 0 or abs(h.sentence - duration.hit.sentence) <= _NEAR for h in event.hits)
            if near and duration.days >= event.kind.days:
                yield Worse(event.kind.worse, duration.hit.start, duration.hit.end)


def _by_money(reading: Reading, happened: Sequence[Event]) -> Iterator[Worse]:
    if not any(event.kind.money for event in happened):
        return
    largest = max(amounts(reading.text, reading.pack.kr), key=lambda amount: amount.euros, default=None)
    for euros, level in _MONEY:
        if largest and largest.euros > euros:
            yield Worse(level, largest.start, largest.end)


def _by_whom(reading: Reading, worst: Event) -> Iterator[Worse]:
    """Yield one level more when a vulnerable person is left without what they need."""
    level = min(_SEVERE, worst.harm + 1)
    if worst.kind.loss in ("service", "product", "time"):
        yield from _by(reading.of("signal", "vulnerability"), level)
