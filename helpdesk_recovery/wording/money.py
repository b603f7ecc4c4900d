"""Amounts as people write them."""

from __future__ import annotations

import re

from babel import Locale
from babel.numbers import format_currency

from helpdesk_recovery.domain.money import Money
from helpdesk_recovery.wording.catalogue import catalogue

WITHOUT_MINOR = frozenset({"CZK", "DKK", "HUF", "ISK", "NOK", "SEK"})
"""Currencies whose whole amounts are written without decimals: 1 250 Kč, but 25,00 €."""
_CODE_BEFORE_DIGIT = re.compile(r"([A-Z]{3})(?=\d)")


def format_money(money: Money, language: str) -> str:
    """Return *money* by CLDR in *language*, with non-breaking spaces: £34.50, 25,00 €, 1 554 kr."""
    locale = Locale.parse(catalogue(language).language)
    is_whole = money.amount == money.amount.to_integral_value()
    short = is_whole and money.currency in WITHOUT_MINOR
    pattern = re.sub(r"\.0+", "", locale.currency_formats["standard"].pattern) if short else None
    text = format_currency(money.amount, money.currency, pattern, locale=locale, currency_digits=not short)
    return _CODE_BEFORE_DIGIT.sub("\\1\u00a0", text.replace("\u202f", "\u00a0"))
