"""Find every phrase of a pack in a text, in one pass over its words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from helpdesk_recovery.assess.phrase import Phrase, Step, match_at
from helpdesk_recovery.assess.words import Word


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


class Lexicon:
    """The phrases of one pack, looked up by how their first word begins."""

    def __init__(self, entries: Sequence[Entry], numbers: Mapping[str, float]) -> None:
        self._numbers = numbers
        self._words: dict[str, list[Entry]] = {}
        self._stems: dict[str, list[Entry]] = {}
        self._counted: list[Entry] = []
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
        return tuple(hit for index in range(len(words)) for hit in self._at(words, index))

    def _at(self, words: Sequence[Word], index: int) -> Iterator[Hit]:
        for entry in self._candidates(words[index].text):
            span = match_at(entry.phrase, words, index, self._numbers)
            if span is not None:
                yield _hit(entry, words, *span)

    def _candidates(self, word: str) -> Iterator[Entry]:
        yield from self._words.get(word, ())
        if word[0].isdigit() or word in self._numbers:
            yield from self._counted
        size = len(word)
        for length in self._lengths:
            if length > size:
                return
            yield from self._stems.get(word[:length], ())


def _hit(entry: Entry, words: Sequence[Word], first: int, last: int) -> Hit:
    strength = 0.5 if entry.phrase.half else 1.0
    start, end = words[first].start, words[last].end
    return Hit(entry.group, entry.key, strength, first, last, start, end, words[first].sentence)
