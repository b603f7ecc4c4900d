"""Amounts, dates and times as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from helpdesk_recovery.domain.money import Money
from helpdesk_recovery.wording import dates
from helpdesk_recovery.wording.money import format_money

NOW = datetime(2026, 11, 23, 12, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "currency", "language", "written"),
    [
        ("34.50", "GBP", "en", "£34.50"), ("5", "GBP", "en", "£5.00"), ("1554", "SEK", "en", "SEK 1,554"),
        ("1554", "SEK", "sv", "1 554 kr"), ("1554.50", "SEK", "sv", "1 554,50 kr"), ("25", "EUR", "sv", "25,00 €"),
        ("150", "DKK", "da", "150 kr."), ("1250.75", "DKK", "da", "1.250,75 kr."), ("150", "SEK", "da", "150 SEK"),
        ("25", "EUR", "lt", "25,00 €"), ("1234.5", "EUR", "lt", "1 234,50 €"), ("150", "SEK", "lt", "150 SEK"),
        ("1250", "CZK", "cs", "1 250 Kč"), ("1250.50", "CZK", "cs", "1 250,50 Kč"), ("0", "CZK", "cs", "0 Kč"),
        ("1500", "JPY", "en", "¥1,500"), ("1.234", "KWD", "en", "KWD 1.234"), ("10", "USD", "en", "$10.00"),
        ("25", "EUR", "fi", "€25.00"),
    ],
)  # fmt: skip
def test_money_is_written_as_people_there_do(amount: str, currency: str, language: str, written: str) -> None:
    assert format_money(Money.of(amount, currency), language).replace("\u00a0", " ") == written


def test_an_amount_never_breaks_over_two_lines() -> None:
    assert " " not in format_money(Money.of("1234567", "SEK"), "sv")


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "2 Nov 2026"), ("sv", "2026-11-02"), ("da", "2. nov. 2026"), ("lt", "2026-11-02"), ("cs", "2. 11. 2026")],
)
def test_a_date_is_clear_about_day_and_month(language: str, written: str) -> None:
    assert dates.short_date(date(2026, 11, 2), language) == written


@pytest.mark.parametrize(
    ("language", "today", "tomorrow", "later"),
    [
        ("en", "by 16:20 today", "by 16:20 tomorrow", "by 16:20 on Wednesday 25 November"),
        ("sv", "senast 16:20 i dag", "senast 16:20 i morgon", "senast onsdag 25 november kl. 16:20"),
        ("da", "senest kl. 16.20 i dag", "senest kl. 16.20 i morgen", "senest onsdag d. 25. november kl. 16.20"),
        ("lt", "šiandien iki 16:20", "rytoj iki 16:20", "iki lapkričio 25 d. (trečiadienis) 16:20"),
        ("cs", "dnes do 16:20", "zítra do 16:20", "st 25. 11. do 16:20"),
    ],
)
def test_a_deadline_says_its_day(language: str, today: str, tomorrow: str, later: str) -> None:
    at = datetime(2026, 11, 23, 15, 20, tzinfo=UTC)
    said = [dates.by(at + timedelta(days=n), NOW, language, "Europe/Prague") for n in (0, 1, 2)]
    assert said == [today, tomorrow, later]


def test_the_day_is_that_of_the_zone() -> None:
    now, deadline = datetime(2026, 11, 23, 22, 30, tzinfo=UTC), datetime(2026, 11, 23, 23, 10, tzinfo=UTC)
    assert dates.by(deadline, now, "en", "Europe/London") == "by 23:10 today"
    assert dates.by(deadline, now, "en", "Europe/Prague") == "by 00:10 tomorrow"
    assert dates.by(deadline, now, "en", "Europe/Vilnius") == "by 01:10 today"


def test_utc_is_named() -> None:
    assert dates.by(NOW, NOW, "en").replace("\u00a0", " ") == "by 12:20 UTC today"


def test_an_earlier_note_is_named_by_its_time() -> None:
    today, before = NOW - timedelta(minutes=18), NOW - timedelta(days=1)
    assert dates.replaces(today, NOW, "en", "Europe/London") == "Replaces 12:02."
    assert dates.replaces(before, NOW, "en", "Europe/London") == "Replaces 22 Nov 2026, 12:20."
    assert dates.replaces(before, NOW, "da", "Europe/London") == "Erstatter noten fra 22. nov. 2026 kl. 12.20."
