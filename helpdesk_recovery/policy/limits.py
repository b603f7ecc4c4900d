"""The strictest limits of the packs in force: what is cut, and who must approve."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from helpdesk_recovery.domain.decision import Line
from helpdesk_recovery.domain.money import Money
from helpdesk_recovery.policy.document import Limits, Pack
from helpdesk_recovery.policy.number import money

Lines = tuple[Line, ...]


def cap(packs: Sequence[Pack], currency: str) -> Money | None:
    """Return the most that goodwill may come to in one offer, or None where no pack names a cap."""
    return _lowest(packs, currency, lambda limits: limits.cap)


def cut(lines: Lines, most: Money | None, spent: int = 0) -> Lines:
    """Cut goodwill from the end so that it stays within *most*, *spent* minor units of which are gone already.

    Entitlements are never cut; a line of which nothing is left is dropped.
    """
    if most is None:
        return lines
    kept: list[Line] = []
    left = most.minor - spent
    for line in lines:
        if line.kind == "goodwill" and line.amount is not None:
            given = min(line.amount.minor, max(left, 0))
            left -= given
            line = replace(line, amount=Money(given, line.amount.currency), cap=most)
        if line.amount is None or line.amount.minor:
            kept.append(line)
    return tuple(kept)


def goodwill(lines: Iterable[Line]) -> int:
    """Return the sum of goodwill with a known amount, in minor units."""
    return sum(line.amount.minor for line in lines if line.kind == "goodwill" and line.amount)


def approver(packs: Sequence[Pack], currency: str, options: Sequence[Lines], rules: Sequence[str]) -> str | None:
    """Return who must approve the dearest of *options*, or None when the agent may give it.

    *rules* are the roles that matching rules ask for themselves; an admin outranks a supervisor.
    """
    least = _lowest(packs, currency, lambda limits: limits.approve_above)
    over = least is not None and max(map(goodwill, options), default=0) > least.minor
    roles = {*rules, *(pack.limits.approver for pack in packs if over)}
    return "admin" if "admin" in roles else "supervisor" if roles else None


def _lowest(packs: Sequence[Pack], currency: str, table: Callable[[Limits], dict[str, Decimal]]) -> Money | None:
    found = (money(table(pack.limits), currency) for pack in packs)
    return min((m for m in found if m is not None), key=lambda m: m.minor, default=None)
