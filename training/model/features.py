"""What a model weighs of a reading: phrases found, what happened, how much, how long, how loud, and the words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from helpdesk_recovery.assess.amounts import amounts
from helpdesk_recovery.assess.duration import durations
from helpdesk_recovery.assess.events import Event
from helpdesk_recovery.assess.lexicon import Hit
from helpdesk_recovery.assess.manner import manner
from helpdesk_recovery.assess.polarity import polarity
from helpdesk_recovery.assess.reading import Reading
from training.model.harm import ruled_harm

STEM = 5
"""Letters of a word that count: what follows is mostly inflection."""
MOST_WORDS = 400
"""Words read for the table; more say the same again."""
FACT, MANNER = "|", "~"
_TELLING = ("happened", "worse")
_OPINION = "poor_opinion"
_MANNER: Mapping[str, tuple[str, ...] | None] = {
    "tone": None,
    "said": ("reproach", "friction", "praise", "thanks"),
    "signal": ("churn", "legal", "regulator", "public_escalation", "competitor", "staff_conduct", "fraud"),
    "remedy": ("cancellation", "apology"),
}
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
        name = f"{'said' if key == _OPINION else group}:{key}"
        for hit, share in zip(sorted(reading.of(group, key), key=lambda one: -one.strength), _FADING, strict=False):
            yield Feature(name, hit.strength * share, hit.start, hit.end)


def _events(reading: Reading, happened: Sequence[Event]) -> Iterator[Feature]:
    harmful = [event for event in happened if event.kind.harm]
    for event in harmful:
        yield _at(event.hit, f"is:{event.kind.category}", event.strength)
    if harmful:
        worst = max(harmful, key=lambda one: one.harm)
        yield _at(worst.hit, f"loss:{worst.kind.loss}", 1.0)
    for level, start, end in ruled_harm(reading, happened):
        yield Feature(f"level:{level}", 1.0, start, end)


def _at(hit: Hit, name: str, value: float) -> Feature:
    return Feature(name, value, hit.start, hit.end)


def _measures(reading: Reading) -> Iterator[Feature]:
    look = manner(reading.text)
    yield from _told(("shouting", float(look.shouting)), ("loud", float(look.loud)))
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
        yield from _told(("polarity", positive), ("subjectivity", subjective))


def _told(*measured: tuple[str, float]) -> Iterator[Feature]:
    return (Feature(name, value) for name, value in measured if value)


def _words(reading: Reading) -> Iterator[Feature]:
    """Yield each stem, and each pair of neighbours in a sentence, where it stands first.

    What stands in a sentence of mere manner gets a name of its own: it may tell of tone, never of harm.
    """
    language, manner_only, seen = reading.pack.language, _manner_only(reading), set[str]()
    before, started, sentence = "", 0, -1
    for text, start, end, number in reading.words[:MOST_WORDS]:
        mark = MANNER if number in manner_only else FACT
        stem = text[:STEM] if text[0].isalpha() else "#" if text[0].isdigit() else text[:2]
        for name, begin in ((stem, start), (f"{before} {stem}" if number == sentence else "", started)):
            if name and (mark + name) not in seen:
                seen.add(mark + name)
                yield Feature(f"{language}{mark}{name}", 1.0, begin, end)
        before, started, sentence = stem, start, number


def _manner_only(reading: Reading) -> set[int]:
    """Return the numbers of the sentences that praise, blame or threaten and tell of nothing that happened."""
    told = {hit.sentence for hit in reading.hits if hit.group in _TELLING and hit.key != _OPINION}
    return {hit.sentence for hit in reading.hits if is_manner(hit.group, hit.key)} - told


def is_manner(group: str, key: str) -> bool:
    """Tell whether a code of a pack is about how something is said, or what is threatened with."""
    codes = _MANNER.get(group, ())
    return codes is None or key in codes
