"""What strangers write loses its power before it goes into a note."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_recovery.wording.person import first_name, form_of_address
from helpdesk_recovery.wording.safe import plain, without_amounts


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("  a\r\n\t b\u2028c\u0085d ", "a b c d"),
        ("pay\u202etxt.exe\u200b now\u2066", "paytxt.exe now"),
        ("a\x00b\x1b[31mred", "ab(31mred"),
        ("{{ ticket.title }} {% include x %} ${7*7}", "(( ticket.title )) (% include x %) $(77)"),
        ("<% $session %> <b onclick=x>hi</b>", "‹% $session %› ‹b onclick=x›hi‹b›"),
        ("![x](http://evil.example/p.png) [click](javascript:alert(1))", "!(x)(… (click)(…"),
        ("see www.evil.example/x now", "see … now"),
        ("you lost my data: all of it", "you lost my data: all of it"),
        ("/recovery accept #close @all =SUM(A1) done", "recovery accept close all SUM(A1) done"),
        ("**bold** _it_ `code` | a", "bold it 'code' a"),
        ("&lt;script&gt;", "& lt;script& gt;"),
        ("Ref HR-7F3K2M4Q and hr‑AAAA", "Ref HR 7F3K2M4Q and hr AAAA"),
        ('he said "no"', "he said 'no'"),
        ("1/2 price, A&B, 5 % off, and/or, e-mail, 20-30 kr", "1/2 price, A&B, 5 % off, and/or, e-mail, 20-30 kr"),
        ("Řekl: „příšerné“, naživo! 😡", "Řekl: 'příšerné', naživo! 😡"),
    ],
)
def test_signs_with_power_are_gone_and_words_stay(written: str, shown: str) -> None:
    assert plain(written, 200) == shown


@pytest.mark.parametrize(
    ("limit", "shown"), [(40, "my parcel never came, again"), (20, "my parcel never…"), (15, "my parcel…"), (5, "my…")]
)
def test_long_text_is_cut_at_a_word(limit: int, shown: str) -> None:
    assert plain("my parcel never came, again", limit) == shown


@given(st.text(max_size=400), st.integers(2, 60))
def test_the_limit_holds_and_one_line_comes_out(text: str, limit: int) -> None:
    shown = plain(text, limit)
    assert len(shown) <= limit
    assert len(shown.splitlines()) <= 1
    assert not {unicodedata.category(char) for char in shown} & {"Cc", "Cf", "Cs"}
    assert not set(shown) & set("<>{}[]`*\\")


@pytest.mark.timeout(20)
def test_a_huge_text_costs_little() -> None:
    for piece in ("1 ", "a://", "/#@", "&&&;", "\u200b", "kr 1,", "((("):
        hostile = piece * 500_000
        assert len(without_amounts(plain(hostile, 140))) <= 200


@pytest.mark.parametrize(
    "sum_of_money",
    ["£500", "€ 1.200,50", "5 000 kr", "5.000,- kr.", "kr 5000", "1 200 Kč", "12 tis. Kč", "500 eurų",
    "500 euros", "EUR 75",
     "20 pounds", "200 korun", "300:-", "1,5 tūkst. eurų", "$99.99", "5k€", "100 kronor"],
)  # fmt: skip
def test_sums_are_left_out(sum_of_money: str) -> None:
    shown = without_amounts(f"I want {sum_of_money} by Friday the 13th")
    assert shown == "I want … by Friday the 13th"


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Malin Berg", "Malin"), ("Berg, Malin", "Malin"), ("MALIN BERG", "Malin"), ("anna-lena holm", "Anna-Lena"),
        ("Dr. Priya Shah", "Priya"), ("Ing. Jana Nováková", "Jana"), ("O'Neil Smith", "O'Neil"),
        ("DeShawn King", "DeShawn"),
        ("malin@example.com", None), ("Berg Bygg AB", None), ("J. Berg", "Berg"), ("kund4711", None),
        ("", None), (None, None),
        ("X", None), ("{{ name }}", None), ("Support", None), ("Rör s.r.o.", None), ("A" * 80, None),
    ],
)  # fmt: skip
def test_a_first_name_is_found_or_left_out(name: str | None, first: str | None) -> None:
    assert first_name(name) == first


@pytest.mark.parametrize(
    ("name", "language", "address"),
    [
        ("Priya", "en", "Priya"), ("Malin", "sv", "Malin"), ("Jonas", "da", "Jonas"),
        ("Jonas", "lt", "Jonai"), ("Darius", "lt", "Dariau"), ("Elijas", "lt", "Elijau"), ("Algis", "lt", "Algi"),
        ("Kazys", "lt", "Kazy"), ("Eglė", "lt", "Egle"), ("Rasa", "lt", "Rasa"), ("John", "lt", None),
        ("Åsa", "lt", None),
        ("Jana", "cs", "Jano"), ("Marie", "cs", "Marie"), ("Petr", "cs", "Petře"), ("Pavel", "cs", "Pavle"),
        ("Daniel", "cs", "Danieli"), ("Tomáš", "cs", "Tomáši"), ("Marek", "cs", "Marku"), ("Zdeněk", "cs", "Zdeňku"),
        ("Jan", "cs", "Jane"), ("Jiří", "cs", "Jiří"), ("Dagmar", "cs", "Dagmar"), ("Honza", "cs", "Honzo"),
        ("Wolfgang", "cs", None), ("Josef", "cs", "Josefe"), ("Ondřej", "cs", "Ondřeji"), ("Viktor", "cs", "Viktore"),
    ],
)  # fmt: skip
def test_a_name_is_inflected_where_the_language_does(name: str, language: str, address: str | None) -> None:
    assert form_of_address(name, language) == address
