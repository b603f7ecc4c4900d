"""Sums of money with their currency, as people write them in the scored languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from helpdesk_recovery.domain.assessment import NamedAmount

_NUMBER = r"\d{1,3}(?:[ .,\xa0\u202f']\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d{1,7}(?:[.,]\d{1,2})?(?!\d)"
_BEFORE = re.compile(rf"(?<![\w.,])(£|\$|€|(?:EUR|GBP|USD|SEK|DKK|CZK)\b)[ \xa0]?({_NUMBER})(?![\w%])", re.I)
_AFTER = re.compile(
    rf"(?<![\w.,])({_NUMBER})[ \xa0]?"
    r"(€|£|\$|Kč|kc\b|kr\b|kronor\b|kroner\b|korun\w*|:-|,-|eur\w*|GBP\b|USD\b|SEK\b|DKK\b|CZK\b|pounds?\b|dollars?\b|quid\b)",
    re.I,
)
_CURRENCIES = {
    "£": "GBP", "$": "USD", "€": "EUR", "kč": "CZK", "kc": "CZK", "gbp": "GBP", "usd": "USD", "sek": "SEK",
    "dkk": "DKK", "czk": "CZK", "pound": "GBP", "pounds": "GBP", "quid": "GBP", "dollar": "USD",
    "dollars": "USD", "kronor": "SEK", "kroner": "DKK",
}  # fmt: skip

# Units to one euro, rounded: only for telling small money from large, never for paying any.
_PER_EURO = {"EUR": 1, "GBP": 0.85, "USD": 1.1, "SEK": 11, "DKK": 7.5, "CZK": 25}


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum and where it stands in the body's text."""

    named: NamedAmount
    start: int
    end: int

    @property
    def euros(self) -> float:
        """The sum in euros, roughly."""
        return float(self.named.amount) / _PER_EURO[self.named.currency]


def amounts(text: str, kr: str) -> Iterator[Amount]:
    """Yield the sums in *text*, in order; *kr* is the currency that "kr" and ":-" mean in its language."""
    found = [(m.span(), m.group(2), m.group(1)) for m in _BEFORE.finditer(text)]
    found += [(m.span(), m.group(1), m.group(2)) for m in _AFTER.finditer(text)]
    until = 0
    for (start, end), number, mark in sorted(found):
        currency = _currency(mark.lower(), kr)
        if currency and start >= until:
            until = end
            yield Amount(NamedAmount(_decimal(number), currency), start, end)


def _currency(mark: str, kr: str) -> str:
    if mark.startswith("eur"):
        return "EUR"
    if mark.startswith("korun"):
        return "CZK"
    return _CURRENCIES.get(mark, kr)


def _decimal(number: str) -> Decimal:
    """Read 1.495,00 and 1,495.00 and 1 495 alike: only one or two last digits are a fraction."""
    match = re.fullmatch(r"(.*?)(?:[.,](\d{1,2}))?", number)
    whole, fraction = match.groups() if match else (number, None)
    digits = re.sub(r"\D", "", whole)
    return Decimal(f"{digits}.{fraction}") if fraction else Decimal(digits)
