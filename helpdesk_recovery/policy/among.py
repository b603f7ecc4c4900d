"""Conditions on a word: one of these, or none of these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import cached_property
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from helpdesk_recovery.domain.assessment import ATTRIBUTIONS, LOSS_TYPES, REQUESTED_REMEDIES, Category
from helpdesk_recovery.policy.strict import Table

CATEGORIES = tuple(str(category) for category in Category)


class Among(Table):
    """A word that must be one of ``words``, or with ``negated`` none of them."""

    words: frozenset[str]
    negated: bool = False

    def holds(self, value: str | Sequence[str]) -> bool:
        """Tell whether *value* fits; of several values (tags) one is enough, or with ``negated`` too many."""
        found = value in self.words if isinstance(value, str) else not self.words.isdisjoint(value)
        return found is not self.negated

    @cached_property
    def need(self) -> str:
        """What is asked for, as it follows "needs"."""
        words = " or ".join(sorted(self.words))
        return f"anything but {words}" if self.negated else words


def _read(value: Any) -> Among:
    if isinstance(value, Among):
        return value
    negated = isinstance(value, dict) and set(value) == {"not"}
    words = value["not"] if negated else value
    words = [words] if isinstance(words, str) else words
    if not isinstance(words, list) or not words or not all(isinstance(word, str) for word in words):
        raise ValueError('write "word", ["word", "word"] or { not = ["word"] }')
    return Among(words=frozenset(words), negated=negated)


def _only(known: Sequence[str]) -> Callable[[Among], Among]:
    def check(among: Among) -> Among:
        for word in sorted(among.words):
            known_word(word, known)
        return among

    return check


def known_word(word: str, known: Sequence[str]) -> str:
    """Return *word* if it is among *known*; else raise ValueError with the nearest one, or all."""
    if word in known:
        return word
    near = get_close_matches(word, known, 1)
    advice = f'did you mean "{near[0]}"?' if near else f"write one of: {', '.join(known)}"
    raise ValueError(f'"{word}" is not known here; {advice}')


def _schema(known: Sequence[str] | None) -> WithJsonSchema:
    word: dict[str, Any] = {"type": "string", **({"enum": list(known)} if known else {})}
    words = {"type": "array", "items": word, "minItems": 1}
    either = {"anyOf": [word, words]}
    none_of = {"type": "object", "properties": {"not": either}, "required": ["not"], "additionalProperties": False}
    return WithJsonSchema({"anyOf": [word, words, none_of]})


Words = Annotated[Among, BeforeValidator(_read), _schema(None)]
Categories = Annotated[Among, BeforeValidator(_read), AfterValidator(_only(CATEGORIES)), _schema(CATEGORIES)]
Attributions = Annotated[Among, BeforeValidator(_read), AfterValidator(_only(ATTRIBUTIONS)), _schema(ATTRIBUTIONS)]
LossTypes = Annotated[Among, BeforeValidator(_read), AfterValidator(_only(LOSS_TYPES)), _schema(LOSS_TYPES)]
Requests = Annotated[
    Among, BeforeValidator(_read), AfterValidator(_only(REQUESTED_REMEDIES)), _schema(REQUESTED_REMEDIES)
]
