from __future__ import annotations

from collections.abc import Callable

import pytest

from helpdesk_recovery.domain.decision import Call, Decision, Outcome
from helpdesk_recovery.domain.money import Money
from helpdesk_recovery.errors import PolicyInvalid
from helpdesk_recovery.policy.document import Pack

Decided = Callable[..., Decision]


def said(decision: Decision) -> list[str]:
    return [f"{line.remedy} {line.amount or ''}".strip() for line in decision.lines]


def why(decision: Decision, rule: str) -> str:
    return next(tried.why for tried in decision.trace if tried.rule == rule)


def test_a_reply_that_worsens_the_harm_changes_the_action(decided: Decided, starter: Pack) -> None:
    before = decided([starter], category="delivery", loss_type="time", harm=2)
    after = decided([starter], category="delivery", loss_type="time", harm=3)
    assert before.action() != after.action()
    assert "voucher 10.00 EUR" in said(before) and "voucher 25.00 EUR" in said(after)


def test_every_rule_is_in_the_trace_with_its_reason(decided: Decided, starter: Pack) -> None:
    decision = decided([starter], category="outage", harm=1)
    assert [tried.rule for tried in decision.trace] == [rule.id for rule in starter.rule]
    assert [tried.rule for tried in decision.trace if tried.matched] == ["outage-slight"]
    assert why(decision, "care-safety") == "category is outage, needs safety"
    assert why(decision, "outage-serious") == "harm is 1, needs 3 or more"
    assert why(decision, "outage") == "harm is 1, needs exactly 2"
    assert why(decision, "other-slight") == "not tried: outage-slight matched first"
    assert all(tried.why for tried in decision.trace if not tried.matched)


def test_an_assumed_fact_is_told(decided: Decided, starter: Pack) -> None:
    assumed = decided([starter], category="outage", attribution="third_party")
    given = decided([starter], category="outage", attribution="third_party", facts={"frequent": False})
    assert why(assumed, "not-us") == "assumed: frequent is false"
    assert why(given, "not-us") == ""
    assert assumed.action() == given.action()


def test_entitlements_collect_and_goodwill_is_cut_to_the_cap(decided: Decided, tariff: Pack) -> None:
    decision = decided([tariff], category="outage", harm=3, facts={"days_late": 4, "plan": "pro"})
    assert said(decision) == ["apology", "bill_discount 40.00 EUR", "voucher 15.00 EUR", "store_credit 5.00 EUR"]
    assert [line.kind for line in decision.lines] == ["entitlement", "entitlement", "goodwill", "goodwill"]
    assert [line.cap for line in decision.lines] == [None, None, Money(2000, "EUR"), Money(2000, "EUR")]
    assert decision.lines[1].source is not None and decision.lines[1].source.status == "secondary"
    assert why(decision, "loyal") == "cut to the cap of 20.00 EUR for one offer"
    assert why(decision, "from-memory").startswith("switched off: nobody has read its source")
    assert decision.approval == "admin"
    assert (decision.policy, decision.version) == ("tariff", 3)


def test_approval_looks_at_goodwill_only(decided: Decided, tariff: Pack) -> None:
    decision = decided([tariff], category="outage", harm=1, facts={"days_late": 4})
    assert said(decision) == ["apology", "bill_discount 40.00 EUR"]
    assert decision.approval is None


def test_a_currency_without_minor_units(decided: Decided, tariff: Pack) -> None:
    decision = decided([tariff], category="other", harm=3, currency="JPY")
    assert said(decision) == ["apology", "voucher 1500 JPY", "store_credit 500 JPY"]


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, "cannot say: needs days_late"),
        ({"days_late": None}, "cannot say: needs days_late"),
        ({"days_late": "4"}, "cannot say: days_late is 4, which is not a number"),
        ({"days_late": True}, "cannot say: days_late is true, which is not a number"),
        ({"days_late": float("nan")}, "cannot say: days_late is nan, which is not a number"),
        ({"days_late": 1}, "days_late is 1, needs 2 or more"),
        ({"own_fault": True}, "own_fault is true, needs false"),
    ],
)
def test_a_fact_is_never_guessed(decided: Decided, tariff: Pack, facts: dict[str, object], reason: str) -> None:
    decision = decided([tariff], category="outage", harm=1, facts=facts)
    assert why(decision, "repair-late") == reason
    assert decision.missing == (("days_late",) if reason.startswith("cannot say") else ())


def test_a_missing_currency_is_told_and_never_converted(decided: Decided, tariff: Pack, starter: Pack) -> None:
    decision = decided([tariff], category="outage", harm=1, currency="JPY", facts={"days_late": 9})
    assert why(decision, "repair-late") == "cannot say: it has no amount in JPY"
    assert decision.missing == ("JPY",)
    assert said(decision) == ["apology"]


def test_any_and_none_are_told_in_words(decided: Decided, tariff: Pack) -> None:
    assert why(decided([tariff], harm=2, requested_remedy="information"), "loyal") == (
        "left out because requested remedy is information"
    )
    assert said(decided([tariff], harm=2, facts={"plan": "basic"}))[1] == "voucher 15.00 EUR"  # the ticket's tag is vip


def test_goodwill_comes_from_the_first_pack_and_the_strictest_limits_win(
    decided: Decided, tariff: Pack, starter: Pack
) -> None:
    facts = {"days_late": 4, "plan": "pro"}
    decision = decided([starter, tariff], category="outage", harm=3, facts=facts)
    assert said(decision) == [
        "apology", "bill_discount 40.00 EUR", "explanation", "correction", "bill_discount 20.00 EUR",
    ]  # fmt: skip
    assert [tried.rule for tried in decision.trace if tried.matched] == ["starter/outage-serious", "tariff/repair-late"]
    assert decision.lines[4].rule == "starter/outage-serious"
    assert decision.approval == "admin"
    assert decision.policy == "starter + tariff"
    assert decided([starter, tariff], harm=5).call == Call("supervisor", 30)


def test_no_pack_is_refused(decided: Decided) -> None:
    with pytest.raises(PolicyInvalid, match="No policy is in force"):
        decided([], harm=2)


def test_below_sure_the_agent_picks(decided: Decided, tariff: Pack) -> None:
    sure = decided([tariff], harm=1, harm_p=0.9)
    assert (sure.outcome, sure.unclear, said(sure)) == (Outcome.REMEDY, (), ["apology"])
    unsure = decided([tariff], harm=1, harm_p=0.89)
    assert (unsure.outcome, unsure.unclear, unsure.lines) == (Outcome.UNSURE, ("harm",), ())
    assert [[line.remedy for line in option] for option in unsure.choices] == [
        ["apology"],
        ["apology", "voucher", "store_credit"],
    ]
    assert unsure.approval == "admin"  # the dearer of the two is over the threshold


def test_the_customer_who_asks_for_a_sum_hears_whether_it_is_met(decided: Decided, starter: Pack) -> None:
    def requested(**named: int) -> str:
        asked = {"category": "other", "harm": 2, "requested_remedy": "compensation", "named_amount": named}
        return decided([starter], **asked).requested

    assert (requested(EUR=10), requested(EUR=11), requested(SEK=5), requested()) == ("met", "partly", "partly", "met")


def test_asking_for_two_readings_meets_only_what_both_meet(decided: Decided, starter: Pack) -> None:
    decision = decided(
        [starter], category="delivery", loss_type="time", harm=2, attribution_p=0.5, requested_remedy="apology"
    )
    assert decision.outcome is Outcome.UNSURE
    assert decision.requested == "not"
