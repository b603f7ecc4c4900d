"""What a model weighs of a reading: phrases found, what happened, how much, how long, how loud, and the words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from helpdesk_recovery.assess.amounts import amounts
from helpdesk_recovery.assess.duration import durations
from helpdesk_recovery.assess.events import Event
from helpdesk_recovery.assess.harm import BIAS, harm
from helpdesk_recovery.assess.lexicon import Hit
from helpdesk_recovery.assess.manner import manner
from helpdesk_recovery.assess.polarity import polarity
from helpdesk_recovery.assess.reading import Reading

STEM = 5
"""Letters of a word that count: what follows is mostly inflection."""
MOST_WORDS = 400
"""Words read for the table; more say the same again."""
_UNWEIGHED = ("guard", "unit")
_FADING = (1.0, 0.5, 0.25)
_SUMS = (10.0, 50.0, 150.0, 500.0)
_DAYS = (2.0, 7.0, 21.0, 60.0)
_LENGTHS = (8, 20, 50, 100, 200)


class Feature(NamedTuple):
    """Something that may count, how much of it there is, and where it stands: 0, 0 is the message as a whole."""

    name: str
    value: float
    start: int = 0
    end: int = 0


def features(reading: Reading, happened: Sequence[Event]) -> list[Feature]:
    """Return every feature of *reading* once, in a fixed order."""
    language = Feature(f"language:{reading.pack.language}", 1.0)
    return [language, *_hits(reading), *_events(reading, happened), *_measures(reading), *_words(reading)]


def _hits(reading: Reading) -> Iterator[Feature]:
    for group, key in dict.fromkeys((hit.group, hit.key) for hit in reading.all_hits):
        if group in _UNWEIGHED:
            continue
        for hit, share in zip(sorted(reading.of(group, key), key=lambda one: -one.strength), _FADING, strict=False):
            yield Feature(f"{group}:{key}", hit.strength * share, hit.start, hit.end)


def _events(reading: Reading, happened: Sequence[Event]) -> Iterator[Feature]:
    for event in happened:
        yield _at(event.hit, f"is:{event.kind.category}", event.strength)
    if happened:
        worst = max(happened, key=lambda one: one.harm)
        yield _at(worst.hit, f"loss:{worst.kind.loss}", 1.0)
    ruled = harm(reading, happened)
    yield from (Feature(f"level:{level}", 1.0) for level in range(1, int(ruled.logit - BIAS + 1e-6) + 1))


def _at(hit: Hit, name: str, value: float) -> Feature:
    return Feature(name, value, hit.start, hit.end)


def _measures(reading: Reading) -> Iterator[Feature]:
    look = manner(reading.text)
    yield from (
        Feature(name, float(value)) for name, value in (("shouting", look.shouting), ("loud", look.loud)) if value
    )
    largest = max(amounts(reading.text, reading.pack.kr), key=lambda one: one.euros, default=None)
    if largest:
        yield from (
            Feature(f"sum:{least:g}", 1.0, largest.start, largest.end) for least in _SUMS if largest.euros >= least
        )
    longest = max(durations(reading), key=lambda one: one.days, default=None)
    if longest:
        yield from (_at(longest.hit, f"days:{least:g}", 1.0) for least in _DAYS if longest.days >= least)
    yield from (Feature(f"length:{least}", 1.0) for least in _LENGTHS if len(reading.words) >= least)
    if reading.words and reading.questions:
        yield Feature("question", 1.0)
        if reading.words[-1].sentence in reading.questions:
            yield Feature("ends in question", 1.0)
    if reading.pack.language == "en":
        positive, subjective = polarity(reading.text)
        yield from (
            Feature(name, value) for name, value in (("polarity", positive), ("subjectivity", subjective)) if value
        )


def _told(*measured: tuple[str, float]) -> Iterator[Feature]:
    return (Feature(name, value) for name, value in measured if value)


def _words(reading: Reading) -> Iterator[Feature]:
    """Yield each stem, and each pair of neighbours in a sentence, where it stands first."""
    language, seen = reading.pack.language, set[str]()
    before, started, sentence = "", 0, -1
    for text, start, end, number in reading.words[:MOST_WORDS]:
        stem = text[:STEM] if text[0].isalpha() else "#" if text[0].isdigit() else text[:2]
        if stem not in seen:
            seen.add(stem)
            yield Feature(f"{language}|{stem}", 1.0, start, end)
        pair = f"{before} {stem}"
        if number == sentence and pair not in seen:
            seen.add(pair)
            yield Feature(f"{language}|{pair}", 1.0, started, end)
        before, started, sentence = stem, start, number
