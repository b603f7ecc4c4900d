"""Find every phrase of a pack in a text, in one pass over its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from helpdesk_recovery.assess.phrase import Phrase, Step, match_at
from helpdesk_recovery.assess.words import Word

_MANY = 150  # words from which on looking at the vocabulary first is quicker
_LONGEST_STEM = 12
_MOST_KNOWN = 20_000  # words remembered


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase and what it stands for: *group* is the pack's table, *key* the code in it."""

    group: str
    key: str
    phrase: Phrase


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry found; ``first`` and ``last`` are word indexes, ``start`` and ``end`` offsets in the text."""

    group: str
    key: str
    strength: float
    first: int
    last: int
    start: int
    end: int
    sentence: int
    phrase: Phrase


class Lexicon:
    """The phrases of one pack, looked up by how their first word begins."""

    def __init__(self, entries: Sequence[Entry], numbers: Mapping[str, float]) -> None:
        self._numbers = numbers
        self._words: dict[str, list[Entry]] = {}
        self._stems: dict[str, list[Entry]] = {}
        self._counted: list[Entry] = []
        self._known: dict[str, tuple[Entry, ...]] = {}
        for entry in entries:
            self._index(entry, entry.phrase.head)
        self._lengths = sorted({len(stem) for stem in self._stems})

    def _index(self, entry: Entry, head: Step) -> None:
        for word in head.words:
            self._words.setdefault(word, []).append(entry)
        for stem in head.stems:
            self._stems.setdefault(stem, []).append(entry)
        if head.number:
            self._counted.append(entry)
        for run in head.runs:
            self._index(entry, run[0])

    def find(self, words: Sequence[Word]) -> tuple[Hit, ...]:
        """Return every hit, in the order of the text."""
        possible = _Possible(words, self._numbers) if len(words) > _MANY else None
        return tuple(hit for index in range(len(words)) for hit in self._at(words, index, possible))

    def _at(self, words: Sequence[Word], index: int, possible: _Possible | None) -> Iterator[Hit]:
        for entry in self._candidates(words[index].text):
            if possible and not possible.phrase(entry.phrase):
                continue
            span = match_at(entry.phrase, words, index, self._numbers)
            if span is not None:
                yield _hit(entry, words, *span)

    def _candidates(self, word: str) -> tuple[Entry, ...]:
        """Return the entries that may begin with *word*; the same few words come again and again."""
        known = self._known.get(word)
        if known is None:
            known = tuple(self._look_up(word))
            if len(self._known) < _MOST_KNOWN:
                self._known[word] = known
        return known

    def _look_up(self, word: str) -> Iterator[Entry]:
        yield from self._words.get(word, ())
        if word[0].isdigit() or word in self._numbers:
            yield from self._counted
        for length in self._lengths:
            yield from self._stems.get(word[:length], ()) if length <= len(word) else ()


class _Possible:
    """Which phrases a long text can hold at all, told by its vocabulary before any place is tried."""

    def __init__(self, words: Sequence[Word], numbers: Mapping[str, float]) -> None:
        self._vocabulary = {word.text for word in words}
        self._beginnings = {word[:end] for word in self._vocabulary for end in range(1, _LONGEST_STEM + 1)}
        self._counts = any(word[0].isdigit() or word in numbers for word in self._vocabulary)
        self._known: dict[str, bool] = {}

    def phrase(self, phrase: Phrase) -> bool:
        """Tell whether each word that *phrase* needs stands somewhere in the text."""
        known = self._known.get(phrase.source)
        if known is None:
            known = all(self._step(step) for part in phrase.parts for step in part)
            self._known[phrase.source] = known
        return known

    def _step(self, step: Step) -> bool:
        if not step.words.isdisjoint(self._vocabulary) or (step.number and self._counts):
            return True
        if any(stem[:_LONGEST_STEM] in self._beginnings for stem in step.stems):
            return True
        return any(all(map(self._step, run)) for run in step.runs)


def _hit(entry: Entry, words: Sequence[Word], first: int, last: int) -> Hit:
    strength = 0.5 if entry.phrase.half else 1.0
    start, end = words[first].start, words[last].end
    return Hit(entry.group, entry.key, strength, first, last, start, end, words[first].sentence, entry.phrase)
