"""What is given for one reading of the labels, within the limits of the packs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from helpdesk_recovery.domain.assessment import Assessment
from helpdesk_recovery.domain.decision import RuleTried
from helpdesk_recovery.domain.money import Money
from helpdesk_recovery.domain.remedy import MONEY_REMEDIES
from helpdesk_recovery.policy import limits
from helpdesk_recovery.policy.alternative import alternatives, unsure_labels
from helpdesk_recovery.policy.document import Pack
from helpdesk_recovery.policy.fact import FactValue, usable
from helpdesk_recovery.policy.plan import Labels, Lines, Live, Plan, plan


@dataclass(frozen=True, slots=True)
class Frame:
    """What stays the same while labels are read one way and another."""

    packs: Sequence[Pack]
    live: tuple[Live, ...]
    assessment: Assessment
    currency: str
    cap: Money | None


@dataclass(frozen=True, slots=True)
class Reading:
    """What is given, cut to the cap; ``trace`` tells of every rule."""

    plan: Plan
    lines: Lines
    choices: tuple[Lines, ...]
    trace: tuple[RuleTried, ...]

    @property
    def options(self) -> tuple[Lines, ...]:
        """Each way the whole offer may turn out; empty when nothing is given."""
        return tuple(self.lines + choice for choice in self.choices) or ((self.lines,) if self.lines else ())

    @property
    def shape(self) -> tuple[object, ...]:
        """What is given, without the rules that give it."""
        return tuple(tuple((line.remedy, line.amount) for line in lines) for lines in self.options)

    @property
    def has_money(self) -> bool:
        """Whether any option holds a money remedy, with a sum or without."""
        return any(line.remedy in MONEY_REMEDIES for lines in self.options for line in lines)


def frame(packs: Sequence[Pack], assessment: Assessment, currency: str, facts: Mapping[str, FactValue | None]) -> Frame:
    """Sort *facts* for each pack and find the cap in force."""
    several = len(packs) > 1
    live = tuple(Live(pack, usable(pack.facts, facts), f"{pack.name}/" if several else "") for pack in packs)
    return Frame(packs, live, assessment, currency, limits.cap(packs, currency))


def read(frame: Frame, labels: Labels, *, traced: bool = True) -> Reading:
    """Read *labels* as they are, as if every one were sure."""
    found = plan(frame.live, labels, frame.currency, traced=traced)
    lines = limits.cut(found.lines, frame.cap)
    spent = limits.goodwill(lines)
    choices = tuple(limits.cut(choice, frame.cap, spent) for choice in found.choices)
    before = max((limits.goodwill(found.lines + choice) for choice in found.choices or ((),)), default=0)
    return Reading(found, lines, choices, _trace(found, before, frame.cap))


def doubts(frame: Frame, labels: Labels, base: Reading) -> tuple[tuple[str, ...], list[Reading]]:
    """Return the unsure labels that would move money, and what would be given if they read differently."""
    unclear: list[str] = []
    others: list[Reading] = []
    for name in unsure_labels(frame.assessment, max(pack.sure for pack in frame.packs)):
        readings = [read(frame, other, traced=False) for other in alternatives(frame.assessment, labels, name)]
        moved = [r for r in readings if r.shape != base.shape and (r.has_money or base.has_money)]
        if moved:
            unclear.append(name)
            others += moved
    return tuple(unclear), others


def _trace(found: Plan, before: int, cap: Money | None) -> tuple[RuleTried, ...]:
    if cap is None or before <= cap.minor:
        return tuple(found.trace)
    goodwill = {line.rule for match in found.matches for line in match.all_lines if line.kind == "goodwill"}
    return tuple(
        replace(tried, why=f"cut to the cap of {cap} for one offer") if tried.rule in goodwill else tried
        for tried in found.trace
    )
