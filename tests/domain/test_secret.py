"""Which secrets may sign."""

from __future__ import annotations

import base64
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_recovery.domain.secret import MIN_LENGTH, generate, weakness


@pytest.mark.parametrize(
    ("secret", "why"),
    [
        ("", "it is empty"),
        (" \t\n", "it is empty"),
        ("x", f"it is shorter than {MIN_LENGTH} characters"),
        ("kWq81-fYzMexo2JdT5uHvBn", f"it is shorter than {MIN_LENGTH} characters"),
        ("whsec_kWq81-fYzMexo2JdT5", f"it is shorter than {MIN_LENGTH} characters"),
        ("a" * 64, "it is too easy to guess"),
        ("ab" * 32, "it is too easy to guess"),
        ("password" * 8, "it is too easy to guess"),
        ("whsec_" + "password" * 8, "it is too easy to guess"),
        ("0123456789" * 4, "it is too easy to guess"),
        ("abcdefghijklmnopqrstuvwxyz", "it is too easy to guess"),
        ("zyxwvutsrqponmlkjihgfedcba", "it is too easy to guess"),
    ],
)
def test_weak_ones_are_refused_with_the_reason(secret: str, why: str) -> None:
    assert weakness(secret) == why


@pytest.mark.parametrize("known", ["this_secret_is_for_testing_only", "It's a Secret to Everybody"])
def test_publicly_known_ones_are_refused_however_they_are_written(known: str) -> None:
    encoded = base64.b64encode(known.encode()).decode()
    for form in (known, f" {known}\n", encoded, f"whsec_{encoded}", f"whsec_{known}"):
        assert "publicly known" in (weakness(form) or ""), form


@pytest.mark.parametrize("form", ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
def test_the_secret_of_the_standards_examples_is_refused(form: str) -> None:
    assert "publicly known" in (weakness(form) or "")


def test_ours_are_fit_and_never_the_same() -> None:
    made = [generate() for _ in range(500)]
    assert len(set(made)) == 500
    assert [one for one in made if weakness(one)] == []


def test_what_other_programs_generate_is_fit() -> None:
    made = [f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}" for _ in range(200)]
    made += [secrets.token_hex(20) for _ in range(200)]
    assert [one for one in made if weakness(one)] == []


@given(st.text(max_size=MIN_LENGTH - 1))
def test_nothing_short_is_fit(secret: str) -> None:
    assert weakness(secret) is not None


@given(st.text(min_size=1, max_size=6), st.integers(min_value=4, max_value=40))
def test_repeating_something_short_makes_nothing_fit(part: str, times: int) -> None:
    assert weakness(part * times) is not None


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(secret: str) -> None:
    assert weakness(secret) is None or weakness(secret).startswith("it is ")  # type: ignore[union-attr]
