"""The five catalogues say the same things."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import helpdesk_recovery.wording
from helpdesk_recovery.domain.assessment import REQUESTED_REMEDIES, Category
from helpdesk_recovery.domain.decision import Outcome
from helpdesk_recovery.domain.remedy import MONEY_REMEDIES, REMEDIES
from helpdesk_recovery.domain.staff import Role
from helpdesk_recovery.wording.catalogue import LANGUAGES, catalogue

ROOM = Path(helpdesk_recovery.wording.__file__).parent
FAMILIES: dict[str, set[str]] = {
    "category": set(Category),
    "sorry.us": set(Category),
    "sorry.unclear": set(Category),
    "harm": set("12345"),
    "why": {"safety", "legal", "vulnerability", "harm"},
    "unclear": {"category", "harm", "attribution", "loss_type", "language"},
    "question": {"category", "harm", "loss_type"},
    "met": {"met", "partly", "not"},
    "asked": set(REQUESTED_REMEDIES) - {"none"},
    "remedy": set(REMEDIES)
    | {f"{code}.amount" for code in MONEY_REMEDIES}
    | {"replacement_express", "apology_explanation"},
    "give": set(REMEDIES) - {"apology"} | {f"{code}.amount" for code in MONEY_REMEDIES} | {"replacement_express"},
    "role": set(Role),
    "act": set(Outcome) | {"approval"},
    "check": {"order", "stock", "refunded_so_far", "photo", "address", "phone", "order_total"},
}
"""Message ids that are made of a family and a code: every code must have its text."""


def _source(language: str) -> Catalog:
    with (ROOM / "locale" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def _texts(language: str) -> dict[str, tuple[str, ...]]:
    return {_first(message.id): _forms(message.string) for message in _source(language) if message.id}


def _first(key: Any) -> str:
    return key if isinstance(key, str) else key[0]


def _forms(text: Any) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w*)\}", text))


def _literals() -> Iterator[str]:
    """Yield every string in the room's code that could be a message id."""
    for file in ROOM.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _said(tree: ast.AST) -> Iterator[str]:
    """Yield the ids that are written out in calls of say and count."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"say", "count"}:
            ids = ast.walk(node.args[0])
            yield from (
                c.value
                for c in ids
                if isinstance(c, ast.Constant)
                and isinstance(c.value, str)
                and re.fullmatch(r"[a-z_]+(\.[a-z_]+)*", c.value)
            )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_the_code_asks_for_is_there(language: str) -> None:
    asked = {key for file in ROOM.glob("*.py") for key in _said(ast.parse(file.read_text("utf-8")))}
    assert len(asked) > 30
    assert {key for key in asked if key not in catalogue(language)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_its_text(language: str) -> None:
    wanted = {f"{family}.{code}" for family, codes in FAMILIES.items() for code in codes}
    assert {key for key in wanted if key not in catalogue(language)} == set()


def test_no_text_is_kept_that_nothing_asks_for() -> None:
    literals = set(_literals())
    families = tuple(f"{family}." for family in FAMILIES)
    labels_with_harm = {"label.happened.harm", "label.why.harm"}
    left = {key for key in _texts("en") if key not in literals | labels_with_harm and not key.startswith(families)}
    assert left == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated_with_the_same_places(language: str) -> None:
    english, texts = _texts("en"), _texts(language)
    assert set(texts) == set(english)
    for key, forms in texts.items():
        assert all(form.strip() for form in forms), key
        assert all(_places(form) == _places(english[key][0]) for form in forms), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_fuzzy_or_left_in_english(language: str) -> None:
    assert not any(message.fuzzy for message in _source(language) if message.id)
    if language != "en":
        english, texts = _texts("en"), _texts(language)
        long = {key for key in texts if len(english[key][0]) > 25 and texts[key] == english[key]}
        assert long == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_plural_forms_follow_cldr(language: str) -> None:
    """Each CLDR category of whole numbers has one form of its own."""
    rule = Locale.parse(language).plural_form
    texts = catalogue(language)
    for key in ("within.minutes", "within.hours"):
        forms: dict[str, set[str]] = {}
        for number in range(0, 230):
            forms.setdefault(rule(number), set()).add(texts.count(key, number).replace(str(number), "#"))
        assert all(len(same) == 1 for same in forms.values()), forms
        assert len(_texts(language)[key]) == len(forms)


@pytest.mark.parametrize(
    ("number", "language", "words"),
    [
        (1, "en", "within 1 hour"), (2, "en", "within 2 hours"), (1, "sv", "inom 1 timme"),
        (2, "da", "inden for 2 timer"),
        (1, "lt", "per 1 valandą"), (2, "lt", "per 2 valandas"), (12, "lt", "per 12 valandų"),
        (21, "lt", "per 21 valandą"),
        (1, "cs", "do 1 hodiny"), (2, "cs", "do 2 hodin"), (5, "cs", "do 5 hodin"),
    ],
)  # fmt: skip
def test_hours_are_inflected(number: int, language: str, words: str) -> None:
    assert catalogue(language).count("within.hours", number) == words


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("sv", "sv"),
        ("sv-FI", "sv"),
        ("cs_CZ", "cs"),
        (" LT ", "lt"),
        ("fi", "en"),
        ("und", "en"),
        ("", "en"),
        ("../sv", "en"),
    ],
)
def test_a_tag_finds_its_language_or_english(tag: str, language: str) -> None:
    assert catalogue(tag).language == language


def test_a_missing_text_is_an_error_that_names_it() -> None:
    with pytest.raises(KeyError, match=r"label\.nonsense"):
        catalogue("sv").say("label.nonsense")


def test_what_is_put_in_is_not_read_again() -> None:
    assert catalogue("en").say("quote", quote="{quote} {name}") == "“{quote} {name}”"


def test_an_abbreviation_does_not_make_two_full_stops() -> None:
    assert catalogue("da").say("draft.offer", remedies="150 kr.") == "Sådan gør vi: 150 kr."
