"""What one pack finds in one message: the hits that count, and the few facts of the message as a whole.

This is the seam between reading and judging: a better model may judge the same reading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from helpdesk_recovery.assess.lexicon import Hit
from helpdesk_recovery.assess.mapped import Mapped
from helpdesk_recovery.assess.pack import Pack
from helpdesk_recovery.assess.words import Word, split_words

_NEGATED = ("happened", "tone")  # tables in which "not" before a phrase takes it back
_BEFORE = 3  # words that a negation reaches
_SUPPOSED = 12  # words that an "if it" reaches
_REPLY = re.compile(r"^\s*(?:re|sv|vs|vb|aw|wg|ats|odp|fw|fwd|tr)\s*:", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """``hits`` stand in ``body``, ``subject_hits`` in ``subject``; an old subject on a reply says nothing."""

    pack: Pack
    body: Mapped
    words: Sequence[Word]
    subject: str
    hits: tuple[Hit, ...]
    subject_hits: tuple[Hit, ...]

    @property
    def text(self) -> str:
        """The customer's newest words."""
        return self.body.text

    @cached_property
    def all_hits(self) -> tuple[Hit, ...]:
        """All hits; those of the subject have no place in the body: both offsets are 0."""
        return self.hits + tuple(_unplaced(hit) for hit in self.subject_hits)

    @cached_property
    def _by_code(self) -> Mapping[tuple[str, str], list[Hit]]:
        found: dict[tuple[str, str], list[Hit]] = {}
        for hit in self.all_hits:
            found.setdefault((hit.group, hit.key), []).append(hit)
        return found

    def of(self, group: str, key: str) -> list[Hit]:
        """Return the hits of one code of a table, none inside another, in the order of the text."""
        hits = self._by_code.get((group, key))
        return outermost(hits) if hits else []

    @cached_property
    def questions(self) -> frozenset[int]:
        """The numbers of the sentences that end in a question mark."""
        return frozenset(word.sentence for word, mark in zip(self.words, self._marks, strict=True) if "?" in mark)

    @property
    def _marks(self) -> list[str]:
        ends = [*(word.start for word in self.words[1:]), len(self.text)]
        return [self.text[word.start : end][-3:] for word, end in zip(self.words, ends, strict=True)]


def read(body: Mapped, subject: str, pack: Pack) -> Reading:
    """Read *body* (and *subject*, unless it is that of a reply) with *pack*."""
    words = split_words(body.text, pack.fold)
    title = "" if _REPLY.match(subject) else subject[:300]
    return Reading(pack, body, words, title, _find(words, pack), _find(split_words(title, pack.fold), pack))


def _find(words: Sequence[Word], pack: Pack) -> tuple[Hit, ...]:
    hits = pack.lexicon.find(words)
    negations = {index for hit in hits if _is(hit, "negation") for index in range(hit.first, hit.last + 1)}
    figures = {i for hit in hits if _is(hit, "figurative") for i in range(hit.first, hit.last + 1)}
    suppositions = [hit.last for hit in hits if _is(hit, "hypothetical")]
    return tuple(
        hit
        for hit in hits
        if figures.isdisjoint(range(hit.first, hit.last + 1))
        and not _denied(hit, words, negations)
        and not _supposed(hit, words, suppositions)
    )


def _is(hit: Hit, guard: str) -> bool:
    return hit.group == "guard" and hit.key == guard


def _denied(hit: Hit, words: Sequence[Word], negations: set[int]) -> bool:
    """Tell whether a negation stands before or in *hit* that is not its own: "never arrived" brings one."""
    if hit.group not in _NEGATED:
        return False
    near = (i for i in range(max(0, hit.first - _BEFORE), hit.last) if i in negations)
    denying = [i for i in near if words[i].sentence == hit.sentence]
    own = any(hit.phrase.names(words[i].text) for i in range(hit.first, hit.last + 1) if i in negations)
    return bool(denying) and not own


def _supposed(hit: Hit, words: Sequence[Word], suppositions: Sequence[int]) -> bool:
    """Tell whether *hit* only might happen: "what if it arrives broken?"."""
    return hit.group == "happened" and any(
        0 <= hit.first - last <= _SUPPOSED and words[last].sentence == hit.sentence for last in suppositions
    )


def outermost(hits: Sequence[Hit]) -> list[Hit]:
    """Return *hits* without those that overlap a stronger, longer or earlier one; unplaced ones all stay."""
    if len(hits) < 2:
        return list(hits)
    kept: list[Hit] = []
    taken: set[int] = set()
    for hit in sorted(hits, key=lambda h: (-h.strength, h.first - h.last, h.first, h.key)):
        places = set(range(hit.first, hit.last + 1)) if hit.end else set()
        if not places & taken:
            kept.append(hit)
            taken |= places
    return sorted(kept, key=lambda h: (h.first, h.last))


def _unplaced(hit: Hit) -> Hit:
    return Hit(hit.group, hit.key, hit.strength, hit.first, hit.last, 0, 0, -1, hit.phrase)
