"""The small language of the packs: phrases that an admin can read and write.

``parcel*``      a word with any ending          ``never arrived``  words next to each other
``is|was``       either word                     ``not ... arrive*`` up to four other words between
``off|cut_off``  a choice of several words
``#``            a number, in digits or words    ``paid & twice``   both in one sentence, in any order, close by
``~ late``       half the weight: a hint, not a proof
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from helpdesk_recovery.assess.words import Word, normalise

GAP = 4
REACH = 9
MAX_GAPS = 3
_FORBIDDEN = frozenset('*#~?%"()')


@dataclass(frozen=True, slots=True)
class Step:
    """One word to find; ``gap`` is how many other words may stand before it."""

    words: frozenset[str]
    stems: tuple[str, ...]
    runs: tuple[tuple[Step, ...], ...]
    number: bool
    gap: int

    def names(self, word: str) -> bool:
        """Tell whether *word* is among the choices."""
        named = word in self.words or word.startswith(self.stems or "\0")
        return named or any(step.names(word) for run in self.runs for step in run)

    def end_at(self, words: Sequence[Word], index: int, numbers: Mapping[str, float]) -> int | None:
        """Return the index of the last word this step takes when it begins at *index*, or None."""
        word = words[index].text
        if word in self.words or (self.stems and word.startswith(self.stems)):
            return index
        if self.number and (word[0].isdigit() or word in numbers):
            return index
        if not self.runs:
            return None
        ends = (_follow(run[1:], words, index, numbers) for run in self.runs if _is(run[0], words, index, numbers))
        return next((end for end in ends if end is not None), None)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A parsed phrase; ``parts`` are found in any order, the steps of one part in the given order."""

    source: str
    parts: tuple[tuple[Step, ...], ...]
    half: bool
    single: bool

    @property
    def head(self) -> Step:
        """The first word, by which the phrase is looked up."""
        return self.parts[0][0]

    def names(self, word: str) -> bool:
        """Tell whether *word*, already normalised, is one that the phrase itself asks for."""
        return any(step.names(word) for part in self.parts for step in part)


def parse_phrase(source: str, fold: bool) -> Phrase:
    """Parse *source*; raise ValueError with the reason in words when it is not a phrase."""
    half = source.startswith("~")
    parts = tuple(_part(part, fold) for part in source.removeprefix("~").split("&"))
    if sum(step.gap > 0 for part in parts for step in part) > MAX_GAPS:
        raise ValueError(f"has more than {MAX_GAPS} gaps ('...')")
    single = len(parts) == 1 and len(parts[0]) == 1 and not parts[0][0].runs
    return Phrase(source, parts, half, single)


def _part(source: str, fold: bool) -> tuple[Step, ...]:
    steps: list[Step] = []
    gap = 0
    for token in source.split():
        if token == "...":  # noqa: S105
            gap = GAP
            continue
        steps.append(_step(token, gap, fold))
        gap = 0
    if not steps:
        raise ValueError("has no words")
    if gap or steps[0].gap:
        raise ValueError("begins or ends with a gap ('...')")
    return tuple(steps)


def _step(token: str, gap: int, fold: bool) -> Step:
    words: set[str] = set()
    stems: list[str] = []
    runs: list[tuple[Step, ...]] = []
    number = False
    for choice in token.split("|"):
        word = normalise(choice.rstrip("*"), fold)
        if "_" in choice:
            runs.append(tuple(_step(part, 0, fold) for part in choice.split("_")))
        elif choice == "#":
            number = True
        elif not word or _FORBIDDEN & set(word):
            raise ValueError(f"'{token}' is not a word; '*' stands only at its end, '#' and '~' alone")
        elif choice.endswith("*"):
            stems.append(word)
        else:
            words.add(word)
    return Step(frozenset(words), tuple(stems), tuple(runs), number, gap)


def match_at(phrase: Phrase, words: Sequence[Word], index: int, numbers: Mapping[str, float]) -> tuple[int, int] | None:
    """Return the first and the last word's index of *phrase*, whose head begins at *index*, or None."""
    if phrase.single:
        return index, index
    last = _whole(phrase.parts[0], words, index, numbers)
    if last is None:
        return None
    first = index
    for part in phrase.parts[1:]:
        span = _nearby(part, words, index, numbers)
        if span is None:
            return None
        first, last = min(first, span[0]), max(last, span[1])
    return first, last


def _is(step: Step, words: Sequence[Word], index: int, numbers: Mapping[str, float]) -> bool:
    return step.end_at(words, index, numbers) is not None


def _whole(steps: Sequence[Step], words: Sequence[Word], index: int, numbers: Mapping[str, float]) -> int | None:
    """Match all *steps* begun at *index*; return the last word's index."""
    end = steps[0].end_at(words, index, numbers)
    return None if end is None else _follow(steps[1:], words, end, numbers)


def _follow(steps: Sequence[Step], words: Sequence[Word], at: int, numbers: Mapping[str, float]) -> int | None:
    """Match *steps* with words after *at*, inside one sentence; return the last word's index."""
    if not steps:
        return at
    for index in range(at + 1, min(at + 2 + steps[0].gap, len(words))):
        if words[index].sentence != words[at].sentence:
            return None
        taken = steps[0].end_at(words, index, numbers)
        end = None if taken is None else _follow(steps[1:], words, taken, numbers)
        if end is not None:
            return end
    return None


def _nearby(
    steps: Sequence[Step], words: Sequence[Word], index: int, numbers: Mapping[str, float]
) -> tuple[int, int] | None:
    sentence = words[index].sentence
    for start in range(max(0, index - REACH), min(len(words), index + REACH + 1)):
        if start == index or words[start].sentence != sentence:
            continue
        end = _whole(steps, words, start, numbers)
        if end is not None:
            return start, end
    return None
