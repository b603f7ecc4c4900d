"""Conditions on a number: exactly, at least, at most, above, below."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema, model_validator

from helpdesk_recovery.policy.number import Number, read_number
from helpdesk_recovery.policy.strict import Table

BOUNDS = ("at_least", "at_most", "above", "below")


class Span(Table):
    """A range of numbers; every bound that is there must hold."""

    at_least: Number | None = None
    at_most: Number | None = None
    above: Number | None = None
    below: Number | None = None

    @model_validator(mode="after")
    def _has_numbers(self) -> Span:
        low = max((n for n in (self.at_least, self.above) if n is not None), default=None)
        high = min((n for n in (self.at_most, self.below) if n is not None), default=None)
        if low is None and high is None:
            raise ValueError(f"write a number or a bound ({', '.join(BOUNDS)})")
        if low is not None and high is not None and not (self.holds(low) or self.holds(high) or low < high):
            raise ValueError(f"no number is both above {low} and below {high}")
        return self

    def holds(self, value: Decimal | int) -> bool:
        """Tell whether *value* lies inside."""
        return (
            (self.at_least is None or value >= self.at_least)
            and (self.at_most is None or value <= self.at_most)
            and (self.above is None or value > self.above)
            and (self.below is None or value < self.below)
        )

    @cached_property
    def need(self) -> str:
        """What is asked for, as it follows "needs"."""
        if self.at_least is not None and self.at_least == self.at_most:
            return f"exactly {self.at_least}"
        parts = (
            (self.at_least, "{} or more"), (self.above, "more than {}"),
            (self.at_most, "{} or less"), (self.below, "less than {}"),
        )  # fmt: skip
        return " and ".join(words.format(bound) for bound, words in parts if bound is not None)


def read_span(value: Any) -> Any:
    """Turn a bare number into the range of just that number; leave tables alone."""
    if isinstance(value, dict | Span):
        return value
    number = read_number(value)
    return Span(at_least=number, at_most=number)


_NUMBER = {"type": "number"}
SPAN_SCHEMA: dict[str, Any] = {
    "anyOf": [
        _NUMBER,
        {
            "type": "object",
            "properties": dict.fromkeys(BOUNDS, _NUMBER),
            "minProperties": 1,
            "additionalProperties": False,
        },
    ]
}
Numbers = Annotated[Span, BeforeValidator(read_span), WithJsonSchema(SPAN_SCHEMA)]
