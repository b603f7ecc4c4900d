"""When an agent is asked for something, and under which reference."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk_recovery.domain.assessment import Assessment
from helpdesk_recovery.domain.decision import Decision, Line, Outcome
from helpdesk_recovery.domain.money import Money
from helpdesk_recovery.pipeline.propose import Earlier, propose

PLACE = ("conn_1", "7")
NOTHING = Decision(Outcome.NOTHING, "starter", 1)
VOUCHER = Decision(Outcome.REMEDY, "starter", 1, lines=(Line("goodwill", "voucher", "late", Money(1000, "EUR")),))
MORE = Decision(Outcome.REMEDY, "starter", 1, lines=(Line("goodwill", "voucher", "late", Money(2000, "EUR")),))
OUTCOMES = st.sampled_from([Outcome.REMEDY, Outcome.UNSURE, Outcome.CARE])

Assess = Callable[..., Assessment]


def test_what_was_asked_before_is_not_asked_again(assessment: Assess, now: datetime) -> None:
    earlier = Earlier(VOUCHER.action(), "HR-AAAAAAAA", now)
    assert propose("case_1", PLACE, assessment(), VOUCHER, earlier, now) is None
    assert propose("case_1", PLACE, assessment(), MORE, earlier, now) is not None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(outcome=OUTCOMES, complaint=st.floats(0, 1), scored=st.booleans())
def test_whatever_the_policy_asks_for_is_offered(
    assessment: Assess, now: datetime, outcome: Outcome, complaint: float, scored: bool
) -> None:
    decision = Decision(outcome, "starter", 1)
    assert propose("case_1", PLACE, assessment(complaint, scored=scored), decision, Earlier(), now) is not None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(complaint=st.floats(0, 1), scored=st.booleans())
def test_a_complaint_that_no_rule_fits_is_for_a_person_and_anything_else_is_left_alone(
    assessment: Assess, now: datetime, complaint: float, scored: bool
) -> None:
    found = propose("case_1", PLACE, assessment(complaint, scored=scored), NOTHING, Earlier(), now)
    assert (found is not None) == (scored and complaint >= 0.5)


def test_a_restored_backup_finds_what_was_written(assessment: Assess, now: datetime) -> None:
    """Neither our own ids nor the time are in the reference: another case row makes the same one."""
    first = propose("case_1", PLACE, assessment(), VOUCHER, Earlier(), now)
    again = propose("case_2", PLACE, assessment(0.7), VOUCHER, Earlier(), now.replace(year=2027))
    assert first is not None
    assert again is not None
    assert first.reference == again.reference


def test_every_place_action_and_predecessor_has_its_own_reference(assessment: Assess, now: datetime) -> None:
    def made(place: tuple[str, str], decision: Decision, earlier: str | None) -> str:
        found = propose("case_1", place, assessment(), decision, Earlier(None, earlier), now)
        assert found is not None
        return found.reference

    combinations = [
        (place, decision, earlier)
        for place in (("conn_1", "7"), ("conn_1", "8"), ("conn_2", "7"), ("conn_17", ""))
        for decision in (VOUCHER, MORE, Decision(Outcome.CARE, "starter", 1))
        for earlier in (None, "HR-AAAAAAAA", "HR-BBBBBBBB")
    ]
    assert len({made(*one) for one in combinations}) == len(combinations)


def test_an_offer_that_comes_back_later_is_a_new_one(assessment: Assess, now: datetime) -> None:
    """Voucher, more, voucher again: three notes with three references, none taken for another."""
    earlier, seen = Earlier(), []
    for decision in (VOUCHER, MORE, VOUCHER):
        offer = propose("case_1", PLACE, assessment(), decision, earlier, now)
        assert offer is not None
        seen.append(offer.reference)
        earlier = Earlier(decision.action(), offer.reference, now)
    assert len(set(seen)) == 3
