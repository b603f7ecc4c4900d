"""Sums are read as people write them; only one that is asked for is named."""

from __future__ import annotations

from decimal import Decimal

import pytest

from helpdesk_recovery.assess import assess_text
from helpdesk_recovery.assess.amounts import amounts


@pytest.mark.parametrize(
    ("text", "kr", "amount", "currency"),
    [
        ("£34.50", "", "34.50", "GBP"),
        ("$1,495.00", "", "1495.00", "USD"),
        ("1.495,00 €", "", "1495.00", "EUR"),
        ("49,90 Eur", "", "49.90", "EUR"),
        ("EUR 49.90", "", "49.90", "EUR"),
        ("1 554 kr", "SEK", "1554", "SEK"),
        ("299:-", "SEK", "299", "SEK"),
        ("1\xa0250,50 kr.", "DKK", "1250.50", "DKK"),
        ("249 Kč", "CZK", "249", "CZK"),
        ("500,- ", "CZK", "500", "CZK"),
    ],
)
def test_sums_are_read(text: str, kr: str, amount: str, currency: str) -> None:
    [found] = amounts(f"It was {text} then", kr)
    assert (found.named.amount, found.named.currency) == (Decimal(amount), currency)


def test_order_numbers_and_dates_are_no_sums() -> None:
    assert list(amounts("order 449120 of 3.5.2026, 20 pieces, 15 %", "SEK")) == []


@pytest.mark.parametrize(
    ("locale", "text", "amount", "currency"),
    [
        ("en", "It arrived broken. I want £34.50 back.", "34.50", "GBP"),
        ("sv", "Den var trasig. Jag vill ha tillbaka 345 kr.", "345", "SEK"),
        ("da", "Den var i stykker. Jeg vil have 345 kr. tilbage.", "345", "DKK"),
        ("lt", "Atvyko sudužęs. Prašau grąžinti 34,50 Eur.", "34.50", "EUR"),
        ("cs", "Přišlo to rozbité. Vraťte mi 345 Kč.", "345", "CZK"),
    ],
)
def test_a_sum_asked_for_is_named(locale: str, text: str, amount: str, currency: str) -> None:
    named = assess_text(text, locale=locale).named_amount
    assert named is not None
    assert (named.amount, named.currency) == (Decimal(amount), currency)


def test_a_cost_only_mentioned_is_not_named() -> None:
    assert assess_text("The lamp cost £34.50 and arrived broken. Send another.", locale="en").named_amount is None

    far = "I paid £34.50 in your shop on Monday and it broke at home on Tuesday. Please refund the postage."
    assert assess_text(far, locale="en").named_amount is None


def test_large_sums_make_a_billing_error_worse() -> None:
    levels = [assess_text(f"You overcharged me by {sum_}.", locale="en").harm.level for sum_ in ("£9", "£90", "£900")]
    assert levels == [2, 3, 4]
