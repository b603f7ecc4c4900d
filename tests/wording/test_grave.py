"""A grave case: who calls by when, why, and not a sum of money."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from helpdesk_recovery.domain.assessment import Coded, Graded
from helpdesk_recovery.domain.decision import Call, Line
from helpdesk_recovery.domain.money import Money
from helpdesk_recovery.wording.catalogue import LANGUAGES, catalogue

MakeCase = Callable[[str, str], Any]
MONEY = re.compile(r"\d[\d\s.,]*\s?(?:€|kr|Kč|SEK|EUR)|[£$€]\s?\d")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "quote", ["I want £500 now", "jag vill ha 5 000 kr", "noriu 500 eurų", "chci 12 000 Kč", "you owe me 300 EUR"]
)
def test_a_grave_case_shows_no_amount(quote: str, language: str, case: MakeCase) -> None:
    grave = case("grave_safety", language).judged(quote=quote)
    gift = Line("goodwill", "voucher", "late", Money.of(75, "EUR"))
    note = grave.decided(lines=(gift,), choices=((gift,),)).note()
    assert not MONEY.search(note.text)
    assert "75" not in note.text and "500" not in note.text and "/recovery" not in note.text


def test_a_long_quote_cannot_hide_a_sum_behind_the_cut(case: MakeCase) -> None:
    for length in range(100, 140):
        quote = "x" * length + " 75 kr and more words follow here until the end of it"
        assert "75" not in case("grave_safety", "en").judged(quote=quote).note().text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_grave_case_begins_with_who_calls_by_when(language: str, case: MakeCase) -> None:
    grave = case("grave_safety", language)
    first = grave.note().text.splitlines()[0]
    assert first.startswith(catalogue(language).say("label.call"))
    assert re.search(r"1[456][:.]20", first) and catalogue(language).say("role.supervisor") in first
    assert grave.ticket.requester.name.split()[0] in first


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_grave_case_without_a_name_or_a_caller_still_says_call(language: str, case: MakeCase) -> None:
    grave = case("grave_safety", language)
    for changed in (grave.named(None), grave.decided(call=None), grave.decided(call=Call("lead", 30))):
        assert changed.note().text.startswith(catalogue(language).say("label.call"))


def test_why_it_is_grave_is_said_in_words(case: MakeCase) -> None:
    signals = (Coded("legal", 0.8), Coded("vulnerability", 0.7))
    grave = case("grave_safety", "en").judged(signals=signals, category=Coded("billing", 0.9))
    assert "Why (critical): legal steps or police mentioned, somebody may need extra care." in grave.note().text
    severe = grave.judged(signals=(), harm=Graded(4, 0.8))
    assert "Why (severe): severe consequences for the customer." in severe.note().text


def test_a_call_that_only_the_policy_asks_for_says_what_went_wrong(case: MakeCase) -> None:
    grave = case("grave_safety", "en").judged(signals=(), harm=Graded(2, 0.4))
    assert "Why (moderate): safety or health at risk." in grave.note().text
    private = grave.judged(category=Coded("data_privacy", 0.9), harm=Graded(0, 0))
    assert "Why: Personal data mishandled." in private.note().text
