"""How long something has been going on, as the text says it, in days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk_recovery.assess.lexicon import Hit
from helpdesk_recovery.assess.reading import Reading

_DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 30.0}
_SINCE = {"weekday": 3.0, "month_name": 30.0}  # "since Monday", "since March": about
_NUMBER_WITHIN = 2  # words between the number and its unit: "9 long days"
_GUARD_WITHIN = 3


@dataclass(frozen=True, slots=True)
class Duration:
    """A span of time said in the text, and the hit that said it."""

    days: float
    hit: Hit


def durations(reading: Reading) -> Iterator[Duration]:
    """Yield what is said of time passed; a deadline ("within 14 days") is not time passed."""
    deadlines = {hit.last for hit in reading.hits if hit.group == "guard" and hit.key == "deadline"}
    since = {hit.last for hit in reading.hits if hit.group == "guard" and hit.key == "since"}
    for hit in reading.hits:
        if hit.group != "unit" or _near(deadlines, hit, _GUARD_WITHIN):
            continue
        if hit.key in _SINCE:
            if _near(since, hit, _GUARD_WITHIN):
                yield Duration(_SINCE[hit.key], hit)
        elif (count := _number(reading, hit)) is not None:
            yield Duration(count * _DAYS[hit.key], hit)


def _near(places: set[int], hit: Hit, reach: int) -> bool:
    return any(index in places for index in range(hit.first - reach, hit.first))


def _number(reading: Reading, hit: Hit) -> float | None:
    """Return the number just before the unit, or just after it ("day 4")."""
    words = reading.words
    before = range(hit.first - 1, max(-1, hit.first - 1 - _NUMBER_WITHIN), -1)
    for index in (*before, hit.first + 1):
        if 0 <= index < len(words) and words[index].sentence == hit.sentence:
            value = _value(words[index].text, reading)
            if value is not None:
                return value
    return None


def _value(word: str, reading: Reading) -> float | None:
    if word.isascii() and word.isdigit():
        return float(word) if len(word) <= 3 else None
    return reading.pack.numbers.get(word)
