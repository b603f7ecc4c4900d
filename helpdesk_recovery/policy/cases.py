"""Golden cases: what a pack must answer, kept beside it in ``policies/cases/<pack>.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StrictBool, StrictInt, ValidationError

from helpdesk_recovery.bundled import bundled
from helpdesk_recovery.domain.assessment import (
    ATTRIBUTIONS,
    LOSS_TYPES,
    REQUESTED_REMEDIES,
    SIGNALS,
    Assessment,
    Coded,
    Graded,
    Language,
    NamedAmount,
    Sentiment,
)
from helpdesk_recovery.domain.decision import Decision, Line
from helpdesk_recovery.domain.ticket import Ticket
from helpdesk_recovery.errors import PolicyInvalid
from helpdesk_recovery.policy.among import CATEGORIES, known_word
from helpdesk_recovery.policy.decide import decide
from helpdesk_recovery.policy.document import Pack
from helpdesk_recovery.policy.number import Number, Share
from helpdesk_recovery.policy.strict import Table

_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def _one_of(known: Sequence[str]) -> AfterValidator:
    return AfterValidator(lambda word: known_word(word, known))


class CaseAssessment(Table):
    """What the ticket says; what is left out is an ordinary, sure complaint about our own doing."""

    category: Annotated[str, _one_of(CATEGORIES)] = "other"
    category_p: Share = 1.0
    harm: Annotated[StrictInt, Field(ge=0, le=5)] = 1
    harm_p: Share = 1.0
    tone: Annotated[StrictInt, Field(ge=0, le=3)] = 0
    attribution: Annotated[str, _one_of(ATTRIBUTIONS)] = "us"
    attribution_p: Share = 1.0
    loss_type: Annotated[str, _one_of(LOSS_TYPES)] = "none"
    requested_remedy: Annotated[str, _one_of(REQUESTED_REMEDIES)] = "none"
    named_amount: dict[str, Number] = Field(default_factory=dict)
    complaint: Annotated[float, Field(ge=0, le=1)] = 1.0
    scored: StrictBool = True
    signals: tuple[Annotated[str, _one_of(SIGNALS)], ...] = ()

    def to_domain(self) -> Assessment:
        """Return it as an assessment."""
        named = next((NamedAmount(amount, currency) for currency, amount in self.named_amount.items()), None)
        return Assessment(
            language=Language("en" if self.scored else "und", 1.0),
            scored=self.scored,
            reason=None if self.scored else "language",
            calibrated=True,
            sentiment=Sentiment("negative", -0.5, 0.8, 0.1, 0.1),
            complaint=self.complaint,
            harm=Graded(self.harm, self.harm / 5, self.harm_p),
            tone=Graded(self.tone, self.tone / 3),
            category=Coded(self.category, self.category_p),
            loss_type=self.loss_type,
            attribution=Coded(self.attribution, self.attribution_p),
            requested_remedy=self.requested_remedy,
            named_amount=named,
            signals=tuple(Coded(code, 1.0) for code in self.signals),
            evidence=(),
            model="case",
        )


class Expected(Table):
    """What must come out. Outcome, lines, choices and approval always count, the others where they are written.

    A line is written as ``voucher 10.00 EUR`` or, without a sum, ``apology``.
    """

    outcome: str = "remedy"
    lines: tuple[str, ...] = ()
    choices: tuple[tuple[str, ...], ...] = ()
    approval: str | None = None
    rules: tuple[str, ...] | None = None
    requested: str | None = None
    unclear: tuple[str, ...] | None = None
    missing: tuple[str, ...] | None = None
    to_check: tuple[str, ...] | None = None
    call: str | None = None


class Case(Table):
    """One golden case."""

    name: str
    currency: str = "EUR"
    assessment: CaseAssessment
    facts: dict[str, StrictBool | Decimal | str] = Field(default_factory=dict)
    channel: str = ""
    group: str | None = None
    tags: tuple[str, ...] = ()
    expect: Expected

    def decide(self, pack: Pack) -> Decision:
        """Return what *pack* alone decides on it."""
        ticket = Ticket("case", "", (), _SOME_DAY, channel=self.channel, group=self.group, tags=self.tags)
        return decide([pack], ticket, self.assessment.to_domain(), currency=self.currency, facts=self.facts)


class _File(Table):
    case: Annotated[tuple[Case, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one case went; ``differences`` says what was expected and what came, empty when it passed."""

    name: str
    differences: tuple[str, ...]
    decision: Decision

    @property
    def passed(self) -> bool:
        """Whether everything came out as expected."""
        return not self.differences


def run_cases(pack: Pack, source: Traversable | Path | None = None) -> list[CaseResult]:
    """Run the cases of *pack*, from *source* or where they are kept; raise PolicyInvalid when they do not read."""
    results = []
    for case in load_cases(source or bundled("policies") / "cases" / f"{pack.name}.toml"):
        decision = case.decide(pack)
        results.append(CaseResult(case.name, tuple(_differences(case.expect, decision)), decision))
    return results


def load_cases(source: Traversable | Path) -> tuple[Case, ...]:
    """Read a file of cases."""
    try:
        data: dict[str, Any] = tomllib.loads(source.read_text("utf-8"), parse_float=Decimal)
        return _File.model_validate(data).case
    except FileNotFoundError as error:
        raise PolicyInvalid(f"{source}: there are no cases; write some there") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise PolicyInvalid(f"{source}: {where} (cases count from 0): {first['msg']}; mend it") from error
    except (OSError, ValueError) as error:
        raise PolicyInvalid(f"{source}: cannot be read: {error}; mend it") from error


def _differences(expected: Expected, decision: Decision) -> Iterator[str]:
    got = _got(decision)
    for name in Expected.model_fields:
        wanted = getattr(expected, name)
        if wanted != got[name] and (wanted is not None or name == "approval"):
            yield f"{name}: expected {wanted}, got {got[name]}"


def _got(decision: Decision) -> dict[str, object]:
    call = decision.call
    return {
        "outcome": str(decision.outcome),
        "lines": tuple(map(_said, decision.lines)),
        "choices": tuple(tuple(map(_said, lines)) for lines in decision.choices),
        "approval": decision.approval,
        "rules": tuple(tried.rule for tried in decision.trace if tried.matched),
        "requested": decision.requested,
        "unclear": decision.unclear,
        "missing": decision.missing,
        "to_check": decision.to_check,
        "call": f"{call.role} {call.within_minutes}" if call else None,
    }


def _said(line: Line) -> str:
    return f"{line.remedy} {line.amount}" if line.amount else line.remedy
