"""What may weigh in harm: what happened, never how it is told, who is threatened with, or leaving."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from training.corpus import Labelled
from training.examples import reading_of
from training.model.features import FACT, MANNER, STEM, is_manner

_KINDS = ("language:", "happened:", "is:", "loss:", "level:", "worse:", "sum:", "days:", "attribution:")
_CODES = (
    "signal:safety", "signal:vulnerability", "signal:repeated_contact", "signal:broken_promise", "signal:data_breach",
    "said:solved", "said:own_fault", "said:not_a_complaint", "said:question", "question",
    "remedy:refund", "remedy:partial_refund", "remedy:replacement", "remedy:repair",
    "remedy:information", "remedy:compensation",
)  # fmt: skip
_NEGATIONS = frozenset("not no never inte ingen inget aldri ikke intet ne nikdy jokio".split())  # noqa: SIM905
_TOO_COMMON = 0.12
_SHORTEST = 3
_OFTEN_ANGRY = 2.0


def harm_may_weigh(names: Sequence[str], tickets: Sequence[Labelled]) -> Any:
    """Return 1 for each feature that may move harm and 0 for the others."""
    taken = _manner_words(tickets)
    return np.array([float(_may(name, taken)) for name in names])


def _may(name: str, taken: set[str]) -> bool:
    if MANNER in name:
        return False
    if FACT not in name:
        return name.startswith(_KINDS) or name in _CODES
    language, words = name.split(FACT)
    content = [word for word in words.split() if word not in _NEGATIONS]
    return bool(content) and not any(f"{language}{FACT}{word}" in taken or len(word) < _SHORTEST for word in content)


def _manner_words(tickets: Sequence[Labelled]) -> set[str]:
    """Return stems of praise, blame and threats, stems that angry tickets have much more often, and stop words."""
    taken: set[str] = set()
    seen: Counter[str] = Counter()
    angry: Counter[str] = Counter()
    sizes: Counter[str] = Counter(ticket.language for ticket in tickets)
    furious = sum(ticket.tone > 1 for ticket in tickets) / len(tickets)
    for ticket in tickets:
        stems, told = _stems(ticket)
        taken |= told
        seen.update(stems)
        if ticket.tone > 1:
            angry.update(stems)
    for stem, count in seen.items():
        share = count / sizes[stem.split(FACT)[0]]
        if share > _TOO_COMMON or angry[stem] / count > _OFTEN_ANGRY * furious:
            taken.add(stem)
    return taken


def _stems(ticket: Labelled) -> tuple[set[str], set[str]]:
    reading = reading_of(ticket)
    names = [f"{ticket.language}{FACT}{word.text[:STEM]}" for word in reading.words]
    told = {
        names[index]
        for hit in reading.hits
        if is_manner(hit.group, hit.key)
        for index in range(hit.first, hit.last + 1)
    }
    return set(names), told
