"""What the policy says is fair here, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from helpdesk_recovery.domain.money import Money


class Outcome(StrEnum):
    """What the decision asks of the agent."""

    REMEDY = "remedy"
    """Give these lines."""
    UNSURE = "unsure"
    """A label is not sure enough to price: pick one of the choices, or none."""
    CARE = "care"
    """Grave: a person calls first; no amount is shown."""
    NOTHING = "nothing"
    """No rule applies, or this is no complaint."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule comes from; ``status`` is primary | secondary | memory, ``checked_on`` when it was read."""

    title: str
    url: str
    checked_on: date
    status: str = "primary"


@dataclass(frozen=True, slots=True)
class Line:
    """One remedy that is due (entitlement) or offered (goodwill). ``amount`` is None without money.

    ``cap`` is the limit that cut or could cut the amount, in money.
    """

    kind: str
    remedy: str
    rule: str
    amount: Money | None = None
    cap: Money | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class RuleTried:
    """One rule of the policy against this ticket: whether it matched and, if not, why not, in words."""

    rule: str
    matched: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A grave case: who calls the requester, and within how many minutes."""

    role: str
    within_minutes: int


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of a policy to one assessment: the same inputs give the same bytes.

    ``lines`` come together. ``choices`` are sets of lines of which the customer (or, when unsure, the agent)
    picks one; the first is the best. ``approval`` is the role that must approve, or None when the agent may
    give it. ``requested`` says whether what the customer asked for is met: met | partly | not | none.
    """

    outcome: Outcome
    policy: str
    version: int
    lines: tuple[Line, ...] = ()
    choices: tuple[tuple[Line, ...], ...] = ()
    approval: str | None = None
    call: Call | None = None
    requested: str = "none"
    unclear: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    to_check: tuple[str, ...] = ()
    trace: tuple[RuleTried, ...] = ()

    def action(self) -> str:
        """Return what the agent is asked to do, as text: equal texts mean that a new note says nothing new.

        It covers remedy, amount, choice, approval and who calls; not words, versions or reasons.
        """
        groups = (self.lines, *self.choices)
        sets = "|".join("+".join(f"{line.remedy}:{line.amount or ''}" for line in group) for group in groups)
        call = f"{self.call.role}@{self.call.within_minutes}" if self.call else ""
        return f"{self.outcome}/{sets}/{self.approval or ''}/{call}"
