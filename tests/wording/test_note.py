"""What every internal note keeps to, whatever the ticket."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from helpdesk_recovery.domain.assessment import REQUESTED_REMEDIES, Category, Coded, Graded, NamedAmount
from helpdesk_recovery.domain.decision import Line, Outcome, Source
from helpdesk_recovery.domain.money import Money
from helpdesk_recovery.domain.remedy import REMEDIES
from helpdesk_recovery.wording.catalogue import LANGUAGES, catalogue
from helpdesk_recovery.wording.remedy_words import remedies

MakeCase = Callable[[str, str], Any]
NAMES = ("broken_choice", "late_delivery", "charged_twice", "grave_safety", "unsure", "no_rule", "replaces")
EVERYWHERE = list(product(NAMES, LANGUAGES))


def _line(text: str, lead: str) -> str:
    """Return the line that begins with *lead*."""
    return next(line for line in text.splitlines() if line.startswith(lead))


@pytest.mark.parametrize(("name", "language"), EVERYWHERE)
def test_at_most_twelve_lines_and_the_reference_last(name: str, language: str, case: MakeCase) -> None:
    note = case(name, language).note()
    lines = note.text.splitlines()
    assert len(lines) <= 12
    assert lines[-1] == "Ref HR-7F3K2M4Q"
    assert note.html.endswith("<b>Ref</b> HR-7F3K2M4Q</p>")
    assert note.reference == "HR-7F3K2M4Q"


@pytest.mark.parametrize(("name", "language"), EVERYWHERE)
def test_both_dresses_say_the_same(name: str, language: str, case: MakeCase) -> None:
    note = case(name, language).note()
    bare = re.sub(r"</?b>", "", note.html.replace("<br>", "\n").replace("<p>", "").replace("</p>", ""))
    assert bare.replace("&nbsp;", "\u00a0") == note.text
    assert 3 <= note.html.count("<p>") <= 4


@pytest.mark.parametrize(("name", "language"), EVERYWHERE)
def test_no_code_level_or_probability_is_shown(name: str, language: str, case: MakeCase) -> None:
    text = case(name, language).note().text
    codes = {*Category, *REMEDIES, *REQUESTED_REMEDIES, "us", "third_party", "unclear"}
    assert not {code for code in codes if "_" in code and code in text}
    assert "0.9" not in text and "0,9" not in text


@pytest.mark.parametrize(("name", "language"), EVERYWHERE)
def test_the_same_input_gives_the_same_bytes(name: str, language: str, case: MakeCase) -> None:
    assert case(name, language).note() == case(name, language).note()


def test_goodwill_tells_sets_that_come_together_apart_from_those_to_choose(case: MakeCase) -> None:
    told = case("late_delivery", "en")
    new = tuple(Line("goodwill", code, "lost") for code in ("replacement", "expedited_shipping"))
    back, gift = Line("goodwill", "refund", "lost"), Line("goodwill", "voucher", "lost", Money.of(9, "GBP"))
    free = told.decided(lines=(), choices=(new, (back,))).note().text
    assert _line(free, "Goodwill:") == (
        "Goodwill: a new item sent by express or full refund to the same card or account (rule lost, version 7)."
    )
    paid = told.decided(lines=(gift,), choices=(new, (back,))).note().text
    assert _line(paid, "Goodwill:") == "Goodwill: £9.00 (rule lost, version 7)."


def test_staff_and_customer_may_speak_different_languages(case: MakeCase) -> None:
    note = replace(case("broken_choice", "cs"), staff="sv").note()
    assert note.text.startswith("FÖRSLAG: 1\u00a0000\u00a0CZK tillbaka till samma kort")
    assert "Utkast: Dobrý den, Jano, zboží od nás" in note.text
    assert "už třetí věc" in note.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("outcome", Outcome)
def test_every_category_and_wish_can_be_told(outcome: Outcome, language: str, case: MakeCase) -> None:
    base = case("charged_twice", language).decided(outcome=outcome)
    for category, wish, who in zip(
        Category, (*REQUESTED_REMEDIES, *REQUESTED_REMEDIES), ("us", "unclear") * 8, strict=False
    ):
        named = NamedAmount(Decimal("12.50"), "EUR")
        told = base.judged(
            category=Coded(category, 0.9), requested_remedy=wish, named_amount=named, attribution=Coded(who, 0.9)
        )
        text = told.note().text
        assert "_" not in text and "{" not in text
        assert len(text.splitlines()) <= 12


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", REMEDIES)
def test_every_remedy_has_words_with_and_without_an_amount(code: str, language: str) -> None:
    without = remedies(catalogue(language), [Line("goodwill", code, "r")])
    with_amount = remedies(catalogue(language), [Line("goodwill", code, "r", Money.of("7.77", "EUR"))])
    assert "7.77" in with_amount or "7,77" in with_amount
    assert without and "7" not in without and "_" not in without and without != with_amount


def test_an_unknown_remedy_role_and_fact_are_shown_as_words(case: MakeCase) -> None:
    note = (
        case("charged_twice", "en")
        .decided(lines=(Line("goodwill", "free_coffee", "r"),), approval="shop_manager", to_check=("meter_reading",))
        .note()
    )
    assert "free coffee. Needs approval by shop manager." in note.text
    assert "To check: meter reading." in note.text


def test_the_whole_offer_is_what_every_choice_has_in_common_too(case: MakeCase) -> None:
    gift = Line("goodwill", "voucher", "late", Money.of(5, "GBP"))
    told = case("broken_choice", "en").decided(lines=(gift,))
    first, second = told.note().text.splitlines()[:2]
    assert first.startswith("SUGGESTED: refund £34.00 to the same card or account + voucher for £5.00.")
    assert second == "OR: a new item sent free of charge + voucher for £5.00. The customer chooses."


def test_lines_that_repeat_the_best_choice_are_said_once(case: MakeCase) -> None:
    told = case("broken_choice", "en")
    again = told.decided(lines=told.decision.choices[0])
    assert again.note() == told.note()


def test_a_source_that_was_not_read_first_hand_asks_for_a_check(case: MakeCase) -> None:
    law = Source("Fair Fares Act", "https://law.example", date(2026, 1, 5), "secondary")
    told = case("charged_twice", "en").decided(
        lines=(Line("entitlement", "refund", "r", Money.of(9, "EUR"), source=law),)
    )
    assert "€9.00 (Fair Fares Act, second-hand 5 Jan 2026: check before use)." in told.note().text


def test_what_is_unclear_is_not_claimed(case: MakeCase) -> None:
    unsure = case("unsure", "en").decided(unclear=("category", "harm"))
    assert (
        unsure.note()
        .text.splitlines()[0]
        .startswith("UNSURE: what went wrong, how serious it is. Pick A, B or neither.")
    )
    assert _line(unsure.note().text, "What happened") == "What happened: “this is just typical of you”"


def test_an_unsure_case_with_fewer_options_says_so(case: MakeCase) -> None:
    unsure = case("unsure", "en")
    one = unsure.decided(choices=unsure.decision.choices[:1]).note().text
    none = unsure.decided(choices=()).note().text
    assert "Pick A or nothing." in one and "\nB: " not in one
    assert "Read the ticket and decide by hand." in none and "\nA: " not in none and "You may give" not in none


def test_only_the_two_likeliest_options_are_offered_when_unsure(case: MakeCase) -> None:
    unsure = case("unsure", "en")
    third = (Line("goodwill", "callback", "r"),)
    assert unsure.decided(choices=(*unsure.decision.choices, third)).note().text.count("\nB: ") == 1


def test_a_ticket_that_could_not_be_scored_claims_nothing(case: MakeCase) -> None:
    text = (
        case("unsure", "en")
        .judged(scored=False, harm=Graded(0, 0))
        .decided(unclear=("language",), choices=())
        .note()
        .text
    )
    assert text.startswith("UNSURE: what it says (the language is not read automatically). Read the ticket")
    assert "What happened: “" in text


@pytest.mark.parametrize("amount", ["0", "-5", "1e30", "NaN", "Infinity", "0.001"])
def test_an_impossible_sum_is_not_repeated(amount: str, case: MakeCase) -> None:
    told = case("broken_choice", "en").judged(named_amount=NamedAmount(Decimal(amount), "GBP"))
    assert "Customer asks for: money back. Met in full." in told.note().text


@pytest.mark.parametrize("currency", ["<b>", "HR-", "ZZZ", "", "eur"])
def test_an_impossible_currency_is_not_repeated(currency: str, case: MakeCase) -> None:
    told = case("broken_choice", "en").judged(named_amount=NamedAmount(Decimal(5), currency))
    assert "Customer asks for: money back. Met in full." in told.note().text


def test_nothing_asked_and_nothing_said_leave_their_lines_out(case: MakeCase) -> None:
    told = case("unsure", "en").judged(quote=None)
    assert "What happened" not in told.note().text
    assert "Customer asks" not in told.note().text


def test_what_puts_it_right_is_said_before_gifts_and_words(case: MakeCase) -> None:
    codes = ("apology", "voucher", "explanation", "replacement")
    told = case("charged_twice", "en").decided(lines=tuple(Line("goodwill", code, "r") for code in codes))
    assert "SUGGESTED: a new item sent free of charge + voucher + an apology with an explanation." in told.note().text


def test_a_currency_that_the_policy_has_no_sums_in_is_said_in_words(case: MakeCase) -> None:
    told = case("no_rule", "en").decided(missing=("SEK", "days_late"))
    assert "Not known: amounts in SEK, how many days late." in told.note().text
