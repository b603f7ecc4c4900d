"""The draft reply inside the note."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from helpdesk_recovery.domain.assessment import NamedAmount
from helpdesk_recovery.domain.decision import Call, Line, Outcome
from helpdesk_recovery.domain.money import Money
from helpdesk_recovery.domain.remedy import REMEDIES
from helpdesk_recovery.domain.ticket import Author, Message
from helpdesk_recovery.wording.catalogue import LANGUAGES, catalogue
from helpdesk_recovery.wording.money import format_money

MakeCase = Callable[[str, str], Any]
NAMES = ("broken_choice", "late_delivery", "charged_twice", "grave_safety", "unsure", "no_rule", "replaces")
EVERYWHERE = list(product(NAMES, LANGUAGES))


def _line(text: str, lead: str) -> str:
    """Return the line that begins with *lead*."""
    return next(line for line in text.splitlines() if line.startswith(lead))


def _draft(note_case: Any) -> str:
    return _line(note_case.note().text, catalogue(note_case.staff).say("label.draft"))


@pytest.mark.parametrize(("name", "language"), EVERYWHERE)
def test_the_draft_has_at_most_three_sentences(name: str, language: str, case: MakeCase) -> None:
    draft = _draft(case(name, language))
    assert 2 <= len(re.findall(r"[.!?](?= [^\W\d_a-zžščřěáíéůūėęąįųý]|$)", draft)) <= 3


def test_the_customer_is_told_no_earlier_hour_than_staff(case: MakeCase) -> None:
    grave = case("grave_safety", "en")
    for minutes, said in ((30, "within 30 minutes"), (60, "within 1 hour"), (90, "within 2 hours")):
        assert f"{said};" in _draft(grave.decided(call=Call("supervisor", minutes)))


def test_a_customer_language_without_catalogue_gets_an_english_draft(case: MakeCase) -> None:
    assert "Utkast: Dear Malin, " in replace(case("broken_choice", "sv"), customer="fi").note().text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", REMEDIES)
def test_the_draft_offers_every_remedy_and_no_sum_but_the_decided(code: str, language: str, case: MakeCase) -> None:
    line = Line("goodwill", code, "r", Money.of("7.77", "EUR"), cap=Money.of("99", "EUR"))
    told = case("charged_twice", language).decided(lines=(line,), choices=())
    draft = _draft(told.judged(named_amount=NamedAmount(Decimal("55.55"), "EUR"), quote="give me 66 EUR"))
    assert set(re.findall(r"\d+[.,]\d+|\d\d+", draft)) <= {"7.77", "7,77"}


def test_the_draft_is_signed_only_by_an_agent_whose_name_is_known(case: MakeCase) -> None:
    told = case("broken_choice", "sv")
    reply = Message("2", Author.AGENT, "…", datetime(2026, 11, 23, tzinfo=UTC), author_id="9", author_name="Ola Ek")
    with_reply = replace(told.ticket, messages=(*told.ticket.messages, reply))
    assert _draft(replace(told, ticket=replace(with_reply, assignee="9"))).endswith("ordnar jag det. /Ola")
    assert _draft(replace(told, ticket=replace(with_reply, assignee="7"))).endswith("ordnar jag det.")
    assert _draft(replace(told, ticket=with_reply)).endswith("ordnar jag det.")


def test_an_apology_alone_promises_nothing_more(case: MakeCase) -> None:
    draft = _draft(case("charged_twice", "en").decided(lines=(Line("goodwill", "apology", "r"),)))
    assert draft.endswith("and I am sorry. If there is anything more we can do, just reply to this message.")


def test_without_a_name_the_greeting_has_none(case: MakeCase) -> None:
    for language, greeting in (
        ("en", "Hello, "),
        ("sv", "Hej, "),
        ("da", "Hej, "),
        ("lt", "Laba diena, "),
        ("cs", "Dobrý den, "),
    ):
        assert f": {greeting}" in _draft(case("broken_choice", language).named("bt4711@example.com"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_comes_with_every_choice_is_said_once(language: str, case: MakeCase) -> None:
    told = case("late_delivery", language)
    draft = _draft(told)
    gift = next(line.amount for line in told.decision.lines if line.amount)
    assert len(re.findall(rf"(?<![\d\u00a0]){re.escape(format_money(gift, language))}", draft)) == 1


def test_who_caused_it_is_not_asked_of_the_customer_nor_owned(case: MakeCase) -> None:
    late = case("late_delivery", "en").decided(outcome=Outcome.UNSURE, unclear=("attribution",))
    assert _draft(late) == (
        "Draft: Dear Priya, I am sorry for the trouble with your delivery. "
        "I am finding out how this happened and will write to you again."
    )


def test_what_only_the_customer_knows_is_asked(case: MakeCase) -> None:
    late = case("late_delivery", "en").decided(outcome=Outcome.UNSURE, unclear=("attribution", "harm"))
    assert _draft(late).endswith("So that I can put it right: how has this affected you?")
