"""Check a policy file: everything that is wrong with it, and what deserves a second look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

from helpdesk_recovery.policy.document import Pack
from helpdesk_recovery.policy.load import load_pack
from helpdesk_recovery.policy.number import money
from helpdesk_recovery.policy.problem import PackInvalid, Problem
from helpdesk_recovery.policy.rule import Give


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: ``pack`` is None when there are ``problems``; ``warnings`` never stop a pack."""

    pack: Pack | None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()


def check(source: Traversable | Path) -> Checked:
    """Check the pack in *source*; what is wrong is returned, not raised."""
    try:
        pack = load_pack(source)
    except PackInvalid as error:
        return Checked(None, error.problems)
    return Checked(pack, (), tuple(dict.fromkeys(_warnings(pack))))


def _warnings(pack: Pack) -> Iterator[str]:
    for rule in pack.rule:
        if rule.is_off:
            yield f"rule {rule.id} is off: nobody has read its source yet."
        elif rule.source and rule.source.status == "secondary":
            yield f"rule {rule.id} rests on a second-hand source: check it before use."
        for give in rule.gives if rule.kind == "goodwill" else ():
            yield from _amounts(pack, rule.id, give)


def _amounts(pack: Pack, rule: str, give: Give) -> Iterator[str]:
    table = pack.amount(give)
    if table is None:
        return
    for currency in pack.currencies:
        amount, cap = money(table, currency), money(pack.limits.cap, currency)
        if amount is None:
            yield f"rule {rule} has no amount in {currency}: it will never apply there."
        elif cap is not None and not amount <= cap:
            yield f"rule {rule} gives {amount}, over the cap of {cap}: it will always be cut."
