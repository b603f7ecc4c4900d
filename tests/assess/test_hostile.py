"""Whatever comes in, a well-formed assessment comes out, with a reason where it abstains, and soon."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_recovery.assess import assess_text
from helpdesk_recovery.domain.assessment import Category

NOTHING_TO_READ = ["", "   \n\t ", "😡😡😡", "!!! ???", "12345", "\u202e\u200b",
                   "> only\n> quoted", "-- \nJane Doe\nLegal",
                   "<p></p>", "<style>p{color:red}</style>", "[]", "\x00\x01"]  # fmt: skip
UNITS = ["a", "a ", "not ", "still ", "> a\n", "<", "<a ", "<!--", "&", "&amp;", "wrote:\n", "On 3 May wrote\n",
         "From: a\n", "-- \n", "\u202e", "<p><b>x</b> ", "<blockquote>",
         "Thanks\n", "Kind regards\n", '<a "', "😀",
         " \n", ".", "?", "1 ", "1.", "1 kr ", "a@b.c ", "never arrived ", "charged twice ", "\ud800",
         "if it "]  # fmt: skip


@pytest.mark.parametrize("text", NOTHING_TO_READ)
def test_without_words_it_abstains_and_says_why(text: str) -> None:
    found = assess_text(text, locale="en")
    assert not found.scored
    assert found.reason
    assert (found.harm.level, found.harm.score, found.complaint) == (0, 0.0, 0.5)
    assert found.evidence == ()


def test_another_language_is_not_scored_rather_than_calm() -> None:
    found = assess_text("Minulle veloitettiin kahdesti ja kukaan ei vastaa sähköposteihini.")
    assert (found.language.code, found.scored) == ("fi", False)
    assert found.reason is not None and "fi" in found.reason
    assert found.sentiment.p_negative == found.sentiment.p_positive


def test_a_wrong_locale_does_not_mislead_a_longer_text() -> None:
    found = assess_text("Lampan var trasig när den kom och ingen svarar på mina mejl.", locale="en-GB")
    assert found.language.code == "sv"
    assert found.category.code == Category.DAMAGED_OR_DEFECTIVE


@pytest.mark.parametrize("locale", ["", "xx", "en_US", "sv-SE", "nonsense" * 50, "-"])
def test_any_locale_is_borne(locale: str) -> None:
    assert assess_text("Broken", locale=locale).model


@pytest.mark.parametrize("unit", UNITS)
def test_a_megabyte_of_anything_takes_less_than_a_second(unit: str) -> None:
    assess_text("warm up the models, please", locale="en")
    text = (unit * 1_000_000)[:1_000_000]
    started = time.process_time()
    found = assess_text(text, locale="en")
    assert time.process_time() - started < 1.0
    assert found.model


def test_a_word_that_begins_many_phrases_costs_little_more_than_others() -> None:
    assess_text("warm up the models, please", locale="en")
    started = time.process_time()
    assess_text("not " * 5_000, locale="en")
    assert time.process_time() - started < 0.4


@pytest.mark.parametrize("unit", ["a", "ab ", "never ", "🔥"])
def test_a_hundred_thousand_repeated_characters(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    found = assess_text(text, locale="en")
    assert all(text[e.start : e.end] == e.text for e in found.evidence)


def test_evidence_at_the_end_of_an_enormous_body_stands_where_it_says() -> None:
    text = "Hello. " + "word " * 100_000 + "\n\nThe lamp arrived broken."
    found = assess_text(text, locale="en")
    assert found.harm.level == 2
    assert any(text[e.start : e.end] == e.text == "arrived broken" for e in found.evidence)


def test_bidi_marks_and_mojibake_hide_nothing() -> None:
    assert assess_text("The lamp arr\u200bived \u202ebro\u202cken.", locale="en").harm.level == 2
    assert assess_text("PaÅ¡tas neatveÅ¾Ä— siuntos", locale="lt").model


@given(st.text(max_size=300), st.text(max_size=40), st.sampled_from([None, "en", "lt", "zz"]))
def test_it_never_raises(text: str, subject: str, locale: str | None) -> None:
    found = assess_text(text, subject=subject, locale=locale)
    assert found.scored or found.reason
    assert all(text[e.start : e.end] == e.text for e in found.evidence)


@given(st.text(alphabet='<>/&;"= \npbdivlockquteascrip!-', max_size=400))
def test_markup_soup_never_raises_and_keeps_its_offsets(text: str) -> None:
    assert all(text[e.start : e.end] == e.text for e in assess_text(text, locale="en").evidence)


def test_importing_loads_nothing_heavy() -> None:
    code = (
        "import sys, helpdesk_recovery.assess\n"
        "heavy = {'numpy', 'textblob', 'nltk', 'py3langid', 'selectolax', 'pydantic'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
