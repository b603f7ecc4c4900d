"""Money: exact, whole minor units, never mixed."""

from __future__ import annotations

from decimal import Decimal, localcontext

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from helpdesk_recovery.domain.money import Money, exponent

CURRENCIES = st.sampled_from(["EUR", "SEK", "DKK", "CZK", "USD", "GBP", "JPY", "ISK", "KWD", "TND"])
MINOR = st.integers(min_value=-(10**18), max_value=10**18)


@given(MINOR, CURRENCIES)
def test_there_and_back(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.of(money.amount, currency) == money
    assert Money.of(str(money.amount), currency) == money


@given(MINOR, CURRENCIES)
def test_nobodys_decimal_context_rounds_it(minor: int, currency: str) -> None:
    exact = Money(minor, currency).amount
    with localcontext(prec=3):
        assert Money(minor, currency).amount == exact
        assert Money.of(exact, currency).minor == minor


@given(MINOR, MINOR, CURRENCIES)
def test_sums_and_comparisons_are_those_of_minor_units(one: int, two: int, currency: str) -> None:
    assert (Money(one, currency) + Money(two, currency)).minor == one + two
    assert (Money(one, currency) <= Money(two, currency)) == (one <= two)


@given(MINOR, CURRENCIES, CURRENCIES)
def test_two_currencies_never_mix(minor: int, one: str, two: str) -> None:
    assume(one != two)
    with pytest.raises(ValueError, match="do not mix"):
        Money(minor, one) + Money(minor, two)
    with pytest.raises(ValueError, match="do not mix"):
        Money(minor, one) <= Money(minor, two)  # noqa: B015 - it is the comparison that raises


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (1550, "EUR", "15.50 EUR"),
        (1550, "JPY", "1550 JPY"),
        (1550, "KWD", "1.550 KWD"),
        (-5, "EUR", "-0.05 EUR"),
        (0, "SEK", "0.00 SEK"),
        (10**30, "EUR", "1" + "0" * 28 + ".00 EUR"),
    ],
)
def test_each_currency_has_its_own_decimals(minor: int, currency: str, shown: str) -> None:
    assert str(Money(minor, currency)) == shown


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("0.001", "EUR"), ("0.5", "JPY"), ("1.0005", "KWD"), ("nan", "EUR"), ("inf", "EUR"), ("-inf", "EUR"),
        ("sNaN", "EUR"), ("ten", "EUR"), ("", "EUR"), ("1e400", "EUR"), ("1e-400", "EUR"), (Decimal("0.015"), "EUR"),
    ],
)  # fmt: skip
def test_what_is_no_whole_number_of_minor_units_is_refused(amount: Decimal | str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"is not"):
        Money.of(amount, currency)


@pytest.mark.parametrize("code", ["", "EU", "EURO", "eur", "EuR", "HR-", "E1R", "ÄÖÜ", "   ", "E R", "1.5"])
def test_a_currency_is_three_letters(code: str) -> None:
    with pytest.raises(ValueError, match="currency code such as EUR"):
        Money(1, code)
    with pytest.raises(ValueError, match="currency code such as EUR"):
        Money.of(1, code)


def test_trailing_zeros_are_the_same_money() -> None:
    assert Money.of("15.5", "EUR") == Money.of(Decimal("15.500"), "EUR") == Money(1550, "EUR")


def test_exponents_follow_iso_4217() -> None:
    assert [exponent(code) for code in ("EUR", "JPY", "KWD", "ISK", "CZK")] == [2, 0, 3, 0, 2]
