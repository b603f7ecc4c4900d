"""Store what the line made of cases: every stage's result, the intended note, and the events as worked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk_recovery.bundled import version
from helpdesk_recovery.domain.effect import Effect, EffectState
from helpdesk_recovery.pipeline.line import Walked
from helpdesk_recovery.pipeline.observe import observe
from helpdesk_recovery.storage import cases, outbox, records, sending
from helpdesk_recovery.storage.cases import Case, Worked
from helpdesk_recovery.storage.records import Record

MADE_BY = f"helpdesk-recovery {version()}"


@dataclass(frozen=True, slots=True)
class Kept:
    """One case's turn: what was walked (None when only observed) and the effect that writes its note."""

    case: Case
    walked: Walked | None
    effect: Effect | None

    def is_next(self) -> bool:
        """Tell whether the effect is open and the first of its case to be sent."""
        return self.effect is not None and self.effect.state is EffectState.INTENDED and not self.case.effects


def keep(sql: Any, kept: Sequence[Kept], now: datetime) -> list[bool]:
    """Store many turns in the caller's transaction; return for each whether its note is claimed: to be sent now."""
    ordered = sorted(kept, key=lambda one: one.case.id)  # one lock order for all workers
    records.keep(sql, [record for one in ordered for record in _records(one)], now)
    claimed = _intend(sql, ordered, now)
    cases.worked(sql, [_worked(one, now) for one in ordered])
    return [one.effect is not None and one.effect.id in claimed for one in kept]


def _intend(sql: Any, kept: Sequence[Kept], now: datetime) -> set[str]:
    """Write down what is meant to be done; claim what may be sent now and has no effect of its case before it."""
    effects = [(one.effect, one.is_next()) for one in kept if one.effect is not None]
    waiting = [effect for effect, is_next in effects if not is_next]
    if waiting:
        outbox.intend(sql, waiting, now)
    following = [effect for effect, is_next in effects if is_next]
    return sending.intend_and_claim(sql, following, now) if following else set()


def _records(kept: Kept) -> list[Record]:
    case_id = kept.case.id
    made: list[tuple[str, str, object]] = [
        ("observation", MADE_BY, observe(case_id, event)) for event in kept.case.events
    ]
    if kept.walked is not None:
        made += _stages(kept.walked)
    return [Record(case_id, kept.case.account, *stage) for stage in made]


def _stages(walked: Walked) -> Iterator[tuple[str, str, object]]:
    """Every stage's name, the version of what made it, and what it made; the note stands in the outbox."""
    yield "ticket", MADE_BY, walked.ticket
    yield "assessment", walked.assessment.model, walked.assessment
    yield "decision", f"{walked.decision.policy} {walked.decision.version}", walked.decision
    if walked.offer is not None:
        yield "offer", MADE_BY, walked.offer


def _worked(kept: Kept, now: datetime) -> Worked:
    if kept.walked is None or kept.walked.offer is None or kept.effect is None:
        return Worked(kept.case, at=now)
    noted = None if kept.effect.state is EffectState.WITHHELD else now
    return Worked(kept.case, kept.walked.decision.action(), kept.walked.offer.reference, noted, at=now)
