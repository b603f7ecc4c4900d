"""Tickets and decisions to write notes about, in the five languages of the catalogues."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from helpdesk_recovery.domain.assessment import Assessment, Coded, Graded, Language, NamedAmount, Sentiment
from helpdesk_recovery.domain.decision import Call, Decision, Line, Outcome, Source
from helpdesk_recovery.domain.money import Money
from helpdesk_recovery.domain.note import Note
from helpdesk_recovery.domain.offer import Offer, OfferState
from helpdesk_recovery.domain.ticket import Author, Message, Requester, Ticket
from helpdesk_recovery.wording.note import render_note

NOW = datetime(2026, 11, 23, 12, 20, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """Where a sample customer lives: name, zone, currency, major units worth about 10 EUR, law, and quotes."""

    name: str
    zone: str
    currency: str
    ten: str
    law: str
    late: str
    broken: str
    twice: str
    fire: str
    vague: str
    rule: str


_FILE = Path(__file__).with_name("places.toml")
PLACES = {code: Place(**place) for code, place in tomllib.loads(_FILE.read_text("utf-8")).items()}


@dataclass(frozen=True)
class Case:
    """Everything that a note is rendered from."""

    ticket: Ticket
    assessment: Assessment
    decision: Decision
    staff: str
    customer: str
    zone: str
    replaces: datetime | None = None

    def note(self) -> Note:
        offer = Offer("case", "HR-7F3K2M4Q", self.decision, OfferState.SUGGESTED, NOW)
        return render_note(
            self.ticket,
            self.assessment,
            offer,
            staff_language=self.staff,
            customer_language=self.customer,
            now=NOW,
            replaces=self.replaces,
            zone=self.zone,
        )

    def judged(self, **changes: Any) -> Case:
        return replace(self, assessment=replace(self.assessment, **changes))

    def decided(self, **changes: Any) -> Case:
        return replace(self, decision=replace(self.decision, **changes))

    def named(self, name: str | None) -> Case:
        return replace(self, ticket=replace(self.ticket, requester=Requester(name=name)))


def _ticket(place: Place) -> Ticket:
    message = Message("1", Author.REQUESTER, "…", NOW)
    return Ticket("7", "…", (message,), NOW, Requester(name=place.name))


def _assessment(code: str, category: str, harm: int, quote: str, **more: Any) -> Assessment:
    plain = Assessment(
        language=Language(code, 0.99),
        scored=True,
        reason=None,
        calibrated=True,
        sentiment=Sentiment("negative", -0.5, 0.8, 0.15, 0.05),
        complaint=0.95,
        harm=Graded(harm, harm / 5),
        tone=Graded(1, 0.3),
        category=Coded(category, 0.9),
        loss_type="product",
        attribution=Coded("us", 0.9),
        requested_remedy="refund",
        named_amount=None,
        signals=(),
        evidence=(),
        model="m1",
        quote=quote,
    )
    return replace(plain, **more)


def _tens(place: Place, count: str) -> Money:
    return Money.of(Decimal(place.ten) * Decimal(count), place.currency)


def _broken(code: str, place: Place) -> tuple[Assessment, Decision]:
    law = Source(place.law, "https://law.example/1", date(2026, 11, 2))
    refund = Line("entitlement", "refund", "faulty-30-days", _tens(place, "4"), source=law)
    again = Line("entitlement", "replacement", "faulty-30-days", source=law)
    named = NamedAmount(_tens(place, "4").amount, place.currency)
    said = _assessment(code, "damaged_or_defective", 3, place.broken, named_amount=named)
    return said, Decision(
        Outcome.REMEDY,
        "retail",
        7,
        choices=((refund,), (again,)),
        requested="met",
        to_check=("refunded_so_far", "photo"),
    )


def _late(code: str, place: Place) -> tuple[Assessment, Decision]:
    law = Source(place.law, "https://law.example/2", date(2026, 11, 2), "secondary")
    gift = Line("goodwill", "voucher", place.rule, _tens(place, "1"), cap=_tens(place, "2"))
    always = (Line("goodwill", "apology", place.rule), Line("goodwill", "explanation", place.rule), gift)
    new = (Line("goodwill", "replacement", place.rule), Line("goodwill", "expedited_shipping", place.rule))
    back = (Line("entitlement", "refund", "late", _tens(place, "13"), source=law),)
    return _assessment(code, "delivery", 3, place.late, requested_remedy="replacement"), Decision(
        Outcome.REMEDY, "retail", 7, always, (new, back), requested="met", to_check=("stock", "address", "promise")
    )


def _twice(code: str, place: Place) -> tuple[Assessment, Decision]:
    refund = Line("entitlement", "refund", "double-charge", _tens(place, "30"))
    sorry = Line("goodwill", "apology", "double-charge")
    return _assessment(code, "billing", 3, place.twice), Decision(
        Outcome.REMEDY, "retail", 7, (refund, sorry), approval="supervisor", requested="met", to_check=("charges",)
    )


def _grave(code: str, place: Place) -> tuple[Assessment, Decision]:
    wanted = NamedAmount(Decimal(500), place.currency)
    said = _assessment(
        code,
        "safety",
        5,
        place.fire,
        signals=(Coded("safety", 0.9),),
        requested_remedy="compensation",
        named_amount=wanted,
    )
    return said, Decision(
        Outcome.CARE,
        "retail",
        7,
        call=Call("supervisor", 120),
        requested="not",
        to_check=("phone", "injury", "product"),
    )


def _unsure(code: str, place: Place) -> tuple[Assessment, Decision]:
    refund = Line("goodwill", "partial_refund", "small-things", _tens(place, "1"))
    words = Line("goodwill", "explanation", "small-things")
    return _assessment(code, "service_quality", 2, place.vague, requested_remedy="none"), Decision(
        Outcome.UNSURE, "retail", 7, choices=((refund,), (words,)), unclear=("category", "attribution")
    )


def _no_rule(code: str, place: Place) -> tuple[Assessment, Decision]:
    said = _assessment(code, "booking_travel", 2, place.late, attribution=Coded("unclear", 0.5))
    return said, Decision(Outcome.NOTHING, "retail", 7, requested="not", missing=("booking", "amount_paid"))


_MAKERS = {
    "broken_choice": _broken,
    "late_delivery": _late,
    "charged_twice": _twice,
    "grave_safety": _grave,
    "unsure": _unsure,
    "no_rule": _no_rule,
}


@pytest.fixture(scope="session")
def case() -> Callable[[str, str], Case]:
    """Return a function (name, language) → case, where staff and customer speak the same language."""

    def make(name: str, language: str) -> Case:
        place = PLACES[language]
        if name == "replaces":
            grown = make("grave_safety", language)
            return replace(grown, replaces=NOW - timedelta(minutes=18))
        assessment, decision = _MAKERS[name](language, place)
        return Case(_ticket(place), assessment, decision, language, language, place.zone)

    return make
