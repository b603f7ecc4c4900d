"""References, what a decision asks for, and headers as they came."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_recovery.domain.connection import Connection, Pilot
from helpdesk_recovery.domain.decision import Call, Decision, Line, Outcome, RuleTried
from helpdesk_recovery.domain.delivery import Delivery
from helpdesk_recovery.domain.money import Money
from helpdesk_recovery.domain.offer import reference

REFUND = Line("entitlement", "refund", "faulty", Money(3450, "GBP"))
VOUCHER = Line("goodwill", "voucher", "late", Money(500, "GBP"), cap=Money(900, "GBP"))
DECISION = Decision(Outcome.REMEDY, "starter", 1, lines=(REFUND,), choices=((VOUCHER,),))


@given(st.lists(st.text(), max_size=5))
def test_a_reference_can_be_read_aloud_and_stays(parts: list[str]) -> None:
    made = reference(*parts)
    assert made == reference(*parts)
    assert made.startswith("HR-")
    assert len(made) == 11
    assert set(made[3:]) <= set("23456789ABCDEFGHJKMNPQRSTUVWXYZ")
    assert not set(made[3:]) & set("01OIL")


@given(st.lists(st.text(alphabet="ab1-/", max_size=4), min_size=1, max_size=4))
def test_where_one_part_ends_matters(parts: list[str]) -> None:
    joined = ["".join(parts)]
    assert (reference(*parts) == reference(*joined)) == (parts == joined)


def test_references_of_many_offers_differ() -> None:
    made = {reference("conn_1", str(ticket), action) for ticket in range(5_000) for action in ("refund", "voucher")}
    assert len(made) == 10_000


def test_a_reference_is_the_same_in_every_version() -> None:
    """It is compared with notes that were written years ago."""
    assert reference("conn_1", "7", "", "remedy") == "HR-KTVJ7JUD"


@pytest.mark.parametrize(
    "changed",
    [
        {"outcome": Outcome.UNSURE},
        {"lines": ()},
        {"lines": (replace(REFUND, remedy="partial_refund"),)},
        {"lines": (replace(REFUND, amount=Money(3451, "GBP")),)},
        {"lines": (replace(REFUND, amount=Money(3450, "EUR")),)},
        {"lines": (REFUND, VOUCHER), "choices": ()},
        {"lines": (REFUND, VOUCHER)},
        {"choices": ((VOUCHER,), (REFUND,))},
        {"approval": "supervisor"},
        {"call": Call("duty manager", 60)},
    ],
)
def test_what_asks_the_agent_for_something_else_is_another_action(changed: dict[str, Any]) -> None:
    assert replace(DECISION, **changed).action() != DECISION.action()


@pytest.mark.parametrize(
    "changed",
    [
        {"policy": "other"},
        {"version": 2},
        {"lines": (replace(REFUND, rule="other", kind="goodwill"),)},
        {"choices": ((replace(VOUCHER, cap=None),),)},
        {"requested": "met"},
        {"unclear": ("category",)},
        {"missing": ("order_total",)},
        {"to_check": ("stock",)},
        {"trace": (RuleTried("late", False, "not late"),)},
    ],
)
def test_other_words_and_reasons_are_the_same_action(changed: dict[str, Any]) -> None:
    assert replace(DECISION, **changed).action() == DECISION.action()


def test_headers_are_kept_as_they_came() -> None:
    headers = (("x-a", "1"), ("x-b", ""), ("x-a", "2"))
    delivery = Delivery("shop", headers, b"", datetime.now(UTC))
    assert delivery.headers_named("x-a") == ("1", "2")
    assert (delivery.header("x-a"), delivery.header("x-b"), delivery.header("x-c")) == ("1", "", None)
    assert delivery.headers_named("X-A") == ()


@pytest.mark.parametrize(
    ("pilot", "words"),
    [
        (Pilot(), ""),
        (Pilot(group="Returns"), "group=Returns"),
        (Pilot(tag="pilot"), "tag=pilot"),
        (Pilot(share=10), "share=10%"),
    ],
)
def test_a_pilot_is_said_as_it_is_typed(pilot: Pilot, words: str) -> None:
    assert pilot.words() == words


def test_a_connection_never_prints_its_secrets() -> None:
    shown = repr(Connection("c", "a", "h", "shop", None, token="t0ken", secrets=("s3cret",)))
    assert "t0ken" not in shown
    assert "s3cret" not in shown
