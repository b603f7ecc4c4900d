"""The explanation is the calculation: weights add up, and every span stands where it says."""

from __future__ import annotations

import math
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_recovery.assess import BIAS, assess_text
from helpdesk_recovery.domain.assessment import Assessment

WORDS = [
    "the parcel", "arrived broken", "late", "again", "for 11 days", "my lawyer will sue", "you idiots", "thank you",
    "please refund", "34.50 EUR", "£20", "charged twice", "nobody answered", "burn", "hospital", "never", "!", "?",
    ".", ",", "\n", "wonderful", "don't", "works now", "my own fault", "I will cancel", "on Facebook", "😡",
]  # fmt: skip
SAMPLES = [
    "Third email! You charged me twice, £49.90 each, and nobody answered. I want my money back, idiots!!!",
    "<p>Hi,</p><p>my card was charged <b>twice</b> &ndash; please refund &pound;14.99</p>",
    "Kettle dripping\n\nOn 3 May 2026 at 10:00, Support <a@b.example> wrote:\n> my lawyer will sue",
    "La lampe est arrivée cassée et personne ne répond à mes messages.",
    "",
]


def logits(found: Assessment) -> dict[str, float]:
    weights: defaultdict[str, list[float]] = defaultdict(list)
    for evidence in found.evidence:
        weights[evidence.signal].append(evidence.weight)
    return {signal: math.fsum([BIAS.get(signal, 0.0), *each]) for signal, each in weights.items()}


def logit(p: float) -> float:
    return math.log(p / (1 - p))


def check_sums(found: Assessment) -> None:
    sums = logits(found)
    sentiment = found.sentiment
    assert math.isclose(sums.get("complaint", BIAS["complaint"]), logit(found.complaint), abs_tol=1e-9)
    assert math.isclose(sums.get("harm", BIAS["harm"]), logit(found.harm.score), abs_tol=1e-9)
    assert math.isclose(sums.get("tone", BIAS["tone"]), logit(found.tone.score), abs_tol=1e-9)
    for signal in found.signals:
        assert math.isclose(sums[signal.code], logit(signal.p), abs_tol=1e-9)
    for side, p in (("negative", sentiment.p_negative), ("positive", sentiment.p_positive)):
        expected = math.log(p / sentiment.p_neutral)
        assert math.isclose(sums.get(side, BIAS[side]), expected, abs_tol=1e-9)


@pytest.mark.parametrize("text", SAMPLES)
def test_every_span_is_a_cut_of_the_text_as_given(text: str) -> None:
    for evidence in assess_text(text, locale="en").evidence:
        assert text[evidence.start : evidence.end] == evidence.text


def test_a_span_across_markup_holds_the_markup() -> None:
    found = assess_text(SAMPLES[1], locale="en")
    assert any(evidence.text.endswith("charged <b>twice") for evidence in found.evidence)


@given(st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join))
def test_weights_and_bias_sum_to_the_logit(text: str) -> None:
    found = assess_text(text, locale="en")
    if found.scored:
        check_sums(found)
    for evidence in found.evidence:
        assert text[evidence.start : evidence.end] == evidence.text
        assert math.isfinite(evidence.weight)


def test_probabilities_are_probabilities() -> None:
    found = assess_text(SAMPLES[0], locale="en")
    sentiment = found.sentiment
    assert math.isclose(sentiment.p_negative + sentiment.p_neutral + sentiment.p_positive, 1.0)
    assert all(0 <= p <= 1 for p in (found.complaint, found.category.p, *(s.p for s in found.signals)))
    assert -1 <= sentiment.polarity <= 1
    assert found.calibrated is False


def test_the_same_text_gives_the_same_assessment() -> None:
    assert assess_text(SAMPLES[0], locale="en") == assess_text(SAMPLES[0], locale="en")
