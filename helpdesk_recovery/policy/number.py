"""Numbers and amounts as a policy file may write them."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from helpdesk_recovery.domain.money import Money, exponent

_MOST = Decimal(1_000_000_000)


def read_number(value: Any) -> Decimal:
    """Return a finite number under a thousand million as written; raise ValueError with what to write instead."""
    if isinstance(value, str):
        raise ValueError(f'write a number without quotes, not "{value}"')
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("write a number")
    number = Decimal(str(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite() or abs(number) > _MOST:
        raise ValueError(f"write a number of at most {_MOST:,}")
    return number


def _share(value: Any) -> float:
    number = read_number(value)
    if not 0 < number <= 1:
        raise ValueError("write a share above 0 and up to 1, such as 0.8")
    return float(number)


def _currency(value: str) -> str:
    if not re.fullmatch("[A-Z]{3}", value):
        raise ValueError(f'"{value}" is not a currency code; write three capitals such as EUR')
    return value


def _whole_units(table: dict[str, Decimal]) -> dict[str, Decimal]:
    for currency, amount in table.items():
        if amount < 0:
            raise ValueError(f"{currency} is negative; write an amount of 0 or more")
        if amount != round(amount, exponent(currency)):
            raise ValueError(f"{amount} {currency} has more decimals than the currency; round it")
    return table


def _not_zero(table: dict[str, Decimal]) -> dict[str, Decimal]:
    zero = next((currency for currency, amount in table.items() if not amount), None)
    if zero:
        raise ValueError(f"{zero} is 0; leave the remedy out instead")
    return table


Number = Annotated[Decimal, BeforeValidator(read_number), WithJsonSchema({"type": "number"})]
Share = Annotated[
    float,
    BeforeValidator(_share),
    WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "maximum": 1}),
]
Currency = Annotated[str, AfterValidator(_currency), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$"})]

Limit = Annotated[dict[Currency, Number], AfterValidator(_whole_units)]
"""Major units by currency, 0 or more."""

Amount = Annotated[dict[Currency, Number], AfterValidator(_whole_units), AfterValidator(_not_zero)]
"""Major units by currency, above 0; a currency that is not there is "cannot say", never converted."""


def money(table: dict[str, Decimal], currency: str) -> Money | None:
    """Return the amount of *table* in *currency*, or None where it has none."""
    amount = table.get(currency)
    return None if amount is None else _money(amount, currency)


_money = lru_cache(maxsize=1024)(Money.of)
