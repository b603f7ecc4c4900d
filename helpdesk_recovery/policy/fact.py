"""Facts: what a pack declares, what a rule asks of them, and what came in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, StrictBool, WithJsonSchema

from helpdesk_recovery.policy.among import Among, Words
from helpdesk_recovery.policy.span import BOUNDS, SPAN_SCHEMA, Numbers, Span
from helpdesk_recovery.policy.strict import Table

FactValue = str | int | float | Decimal | bool
FactType = Literal["number", "text", "bool"]
_KIND_WORDS = {"number": "a number", "text": "text", "bool": "true or false"}


class FactDeclaration(Table):
    """A fact that the pack's rules may ask for. ``default`` may only be false, and only for a bool."""

    type: FactType
    about: str = ""
    default: StrictBool | None = None


class FactTest(Table):
    """What a rule asks of one fact: exactly one of the three is set."""

    flag: StrictBool | None = None
    numbers: Numbers | None = None
    words: Words | None = None

    @property
    def type(self) -> FactType:
        """The type of fact that this test can look at."""
        return "number" if self.numbers else "text" if self.words else "bool"

    def holds(self, value: Any) -> bool:
        """Tell whether *value*, already of the right type, fits."""
        test = self.numbers or self.words
        return test.holds(value) if test else value is self.flag

    @property
    def need(self) -> str:
        """What is asked for, as it follows "needs"."""
        test = self.numbers or self.words
        return test.need if test else _plain(self.flag)


def _read(value: Any) -> Any:
    if isinstance(value, FactTest):
        return value
    if isinstance(value, bool):
        return {"flag": value}
    is_number = isinstance(value, int | float | Decimal | Span)
    if is_number or (isinstance(value, dict) and set(value) & set(BOUNDS)):
        return {"numbers": value}
    if isinstance(value, str | list | Among) or (isinstance(value, dict) and "not" in value):
        return {"words": value}
    raise ValueError('write true, a number, a range such as { at_least = 3 }, "word" or ["word", "word"]')


_WORD = {"type": "string"}
_SCHEMA = {
    "anyOf": [
        {"type": "boolean"},
        *SPAN_SCHEMA["anyOf"],
        _WORD,
        {"type": "array", "items": _WORD, "minItems": 1},
        {"type": "object", "properties": {"not": {}}, "required": ["not"], "additionalProperties": False},
    ]
}
FactTests = Annotated[FactTest, BeforeValidator(_read), WithJsonSchema(_SCHEMA)]


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts one pack can use: what is known, what was assumed, and why the others are of no use."""

    known: Mapping[str, FactValue]
    assumed: frozenset[str] = frozenset()
    unusable: Mapping[str, str] | None = None


def usable(declared: Mapping[str, FactDeclaration], given: Mapping[str, Any]) -> Facts:
    """Sort *given* by what the pack declares: a fact of the wrong type is never guessed at."""
    known: dict[str, FactValue] = {}
    assumed, unusable = set(), {}
    for name, fact in declared.items():
        if given.get(name) is None:
            if fact.default is not None:
                known[name] = fact.default
                assumed.add(name)
        elif (value := _typed(given[name], fact.type)) is not None:
            known[name] = value
        else:
            unusable[name] = f"{name} is {_plain(given[name])!s:.40}, which is not {_KIND_WORDS[fact.type]}"
    return Facts(known, frozenset(assumed), unusable)


def _typed(value: Any, kind: FactType) -> FactValue | None:
    if kind == "bool" or isinstance(value, bool):
        return value if kind == "bool" and isinstance(value, bool) else None
    if kind == "text":
        return value if isinstance(value, str) else None
    if not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    return number if number.is_finite() else None


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
