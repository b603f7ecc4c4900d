from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from helpdesk_recovery.domain.assessment import (
    ATTRIBUTIONS,
    LOSS_TYPES,
    REQUESTED_REMEDIES,
    SIGNALS,
    Assessment,
    Category,
    Coded,
    Graded,
    Language,
    NamedAmount,
    Sentiment,
)
from helpdesk_recovery.domain.decision import Decision, Line, Outcome
from helpdesk_recovery.domain.remedy import MONEY_REMEDIES
from helpdesk_recovery.domain.ticket import Message, Ticket
from helpdesk_recovery.policy.decide import decide
from helpdesk_recovery.policy.load import find_pack, load_pack

STARTER = find_pack("starter")
TARIFF = load_pack(Path(__file__).parent / "tariff.toml")
NOW = datetime(2026, 11, 2, tzinfo=UTC)

p = st.floats(0, 1) | st.just(1.0) | st.just(float("nan"))
level = st.integers(0, 5)
feelings = st.builds(Sentiment, st.sampled_from(["negative", "positive"]), st.floats(-1, 1), p, p, p)
tones = st.builds(Graded, st.integers(0, 3), st.floats(0, 1), p)
named = st.builds(NamedAmount, st.decimals(0, 10**6, places=2), st.sampled_from(["EUR", "SEK"])) | st.none()
signals = st.lists(st.builds(Coded, st.sampled_from(SIGNALS), p), max_size=1).map(tuple)
assessments = st.builds(
    Assessment,
    language=st.just(Language("en", 1.0)),
    scored=st.just(True) | st.booleans(),
    reason=st.none(),
    calibrated=st.booleans(),
    sentiment=feelings,
    complaint=st.just(1.0) | p,
    harm=st.builds(Graded, level, st.floats(0, 1), p),
    tone=tones,
    category=st.builds(Coded, st.sampled_from([str(c) for c in Category]), p),
    loss_type=st.sampled_from(LOSS_TYPES),
    attribution=st.builds(Coded, st.sampled_from(ATTRIBUTIONS), p),
    requested_remedy=st.sampled_from(REQUESTED_REMEDIES),
    named_amount=named,
    signals=signals,
    evidence=st.just(()),
    model=st.just("m"),
)
complaints = assessments.map(
    lambda a: replace(a, complaint=1.0, scored=True, signals=(), harm=replace(a.harm, level=a.harm.level % 4))
)
tickets = st.builds(
    Ticket,
    id=st.just("1"),
    subject=st.text(max_size=20),
    messages=st.text(max_size=20).map(lambda text: (Message("m", "requester", text, NOW),)),  # type: ignore[arg-type]
    created_at=st.just(NOW),
    channel=st.sampled_from(["", "email", "phone"]),
    tags=st.sampled_from([(), ("vip",), ("missed-appointment", "vip")]),
)
values = st.none() | st.booleans() | st.integers(-5, 50) | st.floats() | st.sampled_from(["pro", "basic", ""])
facts = st.dictionaries(st.sampled_from(["days_late", "plan", "own_fault", "frequent", "unheard_of"]), values)
packs = st.sampled_from([(STARTER,), (TARIFF,), (TARIFF, STARTER), (STARTER, TARIFF)])
currencies = st.sampled_from(["EUR", "SEK", "JPY", "NOK"])
inputs = st.fixed_dictionaries({"packs": packs, "ticket": tickets, "currency": currencies, "facts": facts})


def run(given_: Mapping[str, Any], assessment: Assessment) -> Decision:
    return decide(given_["packs"], given_["ticket"], assessment, currency=given_["currency"], facts=given_["facts"])


def options(decision: Decision) -> list[tuple[Line, ...]]:
    return [decision.lines + choice for choice in decision.choices] or [decision.lines]


@given(inputs, assessments, feelings, tones)
def test_insults_and_flattery_change_nothing(
    x: dict[str, Any], a: Assessment, sentiment: Sentiment, tone: Graded
) -> None:
    assert run(x, a) == run(x, replace(a, sentiment=sentiment, tone=tone))


@given(inputs, assessments, st.text())
def test_the_words_of_the_ticket_change_nothing(x: dict[str, Any], a: Assessment, text: str) -> None:
    message = replace(x["ticket"].messages[0], text=text)
    other = {**x, "ticket": replace(x["ticket"], subject=text, messages=(message,))}
    assert run(x, a) == run(other, a)


@given(inputs, assessments, named)
def test_a_sum_in_the_text_never_sets_what_is_given(x: dict[str, Any], a: Assessment, amount: NamedAmount) -> None:
    asked, other = run(x, a), run(x, replace(a, named_amount=amount))
    assert replace(asked, requested="") == replace(other, requested="")


@given(inputs, assessments)
def test_the_same_again_is_equal(x: dict[str, Any], a: Assessment) -> None:
    assert run(x, a) == run(x, a)


@given(inputs, assessments)
def test_goodwill_stays_within_the_strictest_cap(x: dict[str, Any], a: Assessment) -> None:
    caps = [pack.limits.cap[x["currency"]] for pack in x["packs"] if x["currency"] in pack.limits.cap]
    for lines in options(run(x, a)):
        money = [line.amount for line in lines if line.kind == "goodwill" and line.amount]
        assert sum(m.amount for m in money) <= min(caps, default=Decimal(0))
        assert {m.currency for m in money} <= {x["currency"]}


@given(inputs, assessments, st.sampled_from(["safety", "legal", "vulnerability"]))
def test_grave_never_shows_money_or_a_choice(x: dict[str, Any], a: Assessment, signal: str) -> None:
    decision = run(x, replace(a, signals=(Coded(signal, 0.3),)))
    assert decision.outcome is Outcome.CARE and decision.call is not None
    assert decision.choices == () and not any(line.remedy in MONEY_REMEDIES for line in decision.lines)


@given(inputs, assessments)
def test_unsure_gives_nothing_by_itself(x: dict[str, Any], a: Assessment) -> None:
    decision = run(x, a)
    assert (decision.outcome is Outcome.UNSURE) == bool(decision.unclear and decision.unclear != ("language",))
    if decision.outcome is Outcome.UNSURE:
        assert decision.lines == () and 1 <= len(decision.choices) <= 2


@given(inputs, complaints)
def test_a_label_that_is_not_sure_prices_nothing(x: dict[str, Any], a: Assessment) -> None:
    """Where a sum is given, an unsure label would have led to the same had it read otherwise."""
    decision = run(x, a)
    if decision.outcome is not Outcome.REMEDY or not any(line.amount for line in decision.lines):
        return
    sure = max(pack.sure for pack in x["packs"])
    certain = replace(
        a, harm=replace(a.harm, p=1.0), category=Coded(a.category.code, 1.0), attribution=Coded(a.attribution.code, 1.0)
    )
    if not a.harm.p >= sure and a.harm.level:
        lower = replace(certain, harm=replace(certain.harm, level=a.harm.level - 1))
        assert run(x, lower).action() == decision.action()
    if not a.category.p >= sure:
        assert run(x, replace(certain, category=Coded("other", 1.0))).action() == decision.action()
    if not a.attribution.p >= sure and a.attribution.code == "us":
        assert run(x, replace(certain, attribution=Coded("third_party", 1.0))).action() == decision.action()


@given(inputs, assessments)
def test_money_never_comes_alone(x: dict[str, Any], a: Assessment) -> None:
    for lines in options(run(x, a)):
        if any(line.remedy in MONEY_REMEDIES for line in lines):
            assert {"apology", "explanation"} & {line.remedy for line in lines}


@given(inputs, assessments)
def test_a_missing_currency_gives_no_sum(x: dict[str, Any], a: Assessment) -> None:
    decision = run({**x, "currency": "NOK"}, a)
    assert not any(line.amount for lines in options(decision) for line in lines)


@given(inputs, complaints)
def test_somebody_elses_rare_doing_is_explained_without_money(x: dict[str, Any], a: Assessment) -> None:
    elsewhere = replace(a, attribution=Coded("third_party", 1.0))
    decision = run({**x, "packs": (STARTER,), "facts": {}}, replace(elsewhere, category=Coded(a.category.code, 1.0)))
    assert not any(line.remedy in MONEY_REMEDIES for lines in options(decision) for line in lines)
