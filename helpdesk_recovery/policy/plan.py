"""Walk the rules of the packs: what they give for these labels, and why the others do not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

from helpdesk_recovery.domain.decision import Line, RuleTried
from helpdesk_recovery.policy.document import Pack
from helpdesk_recovery.policy.fact import Facts
from helpdesk_recovery.policy.number import money
from helpdesk_recovery.policy.rule import Give, Rule
from helpdesk_recovery.policy.verdict import Known, Verdict, judge

Labels = Mapping[str, str | int | tuple[str, ...]]
Lines = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Live:
    """One pack in force, with the facts that it can use. ``prefix`` goes before its rules' ids."""

    pack: Pack
    facts: Facts
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """One rule that holds, with what it gives in the currency asked for."""

    rule: Rule
    lines: Lines
    choices: tuple[Lines, ...]

    @property
    def all_lines(self) -> Lines:
        """Its lines, those of every choice included."""
        return self.lines + tuple(line for choice in self.choices for line in choice)


@dataclass(slots=True)
class Plan:
    """What all packs together give, before limits; ``missing`` are facts, or a currency in capitals."""

    matches: list[Match] = field(default_factory=list)
    trace: list[RuleTried] = field(default_factory=list)
    missing: dict[str, None] = field(default_factory=dict)

    @property
    def lines(self) -> Lines:
        """What comes together, entitlements first; one apology is enough."""
        return _once(line for match in self._ranked for line in match.lines)

    @property
    def choices(self) -> tuple[Lines, ...]:
        """The sets to pick from; where two rules offer a choice, every pair of their sets."""
        groups = [match.choices for match in self._ranked if match.choices]
        return tuple(_once(line for part in pick for line in part) for pick in product(*groups)) if groups else ()

    @property
    def care(self) -> bool:
        """Whether a rule says that a person calls first."""
        return any(match.rule.care for match in self.matches)

    @property
    def checks(self) -> tuple[str, ...]:
        """What to look at before giving."""
        return tuple(dict.fromkeys(key for match in self._ranked for key in match.rule.check))

    @property
    def approvals(self) -> tuple[str, ...]:
        """Who must approve because a rule says so."""
        return tuple(match.rule.approval for match in self.matches if match.rule.approval)

    @property
    def _ranked(self) -> list[Match]:
        return sorted(self.matches, key=lambda match: match.rule.kind != "entitlement")


def plan(live: Sequence[Live], labels: Labels, currency: str, *, traced: bool = True) -> Plan:
    """Try every rule: entitlements collect, goodwill is the first that matches in the first pack that has one.

    Without *traced* rules that cannot match are left out of the trace, which is faster.
    """
    found, winner = Plan(), ""
    for one in live:
        known = Known(labels, one.facts)
        for rule in one.pack.rule:
            is_late = bool(winner) and rule.kind == "goodwill"
            if not traced and (is_late or not rule.when.may_fit(labels)):
                continue
            tried = _late(one, rule, winner) if is_late else _try(found, one, rule, known, currency)
            winner = tried.rule if tried.matched and rule.kind == "goodwill" else winner
            found.trace.append(tried)
    return found


def _late(one: Live, rule: Rule, winner: str) -> RuleTried:
    return _tried(one.prefix + rule.id, f"not tried: {winner} matched first")


@lru_cache(maxsize=4096)
def _tried(name: str, why: str) -> RuleTried:
    return RuleTried(name, False, why)


def _try(found: Plan, one: Live, rule: Rule, known: Known, currency: str) -> RuleTried:
    name, verdict = one.prefix + rule.id, _verdict(one.pack, rule, known, currency)
    if verdict.holds:
        found.matches.append(_match(one.pack, rule, name, currency))
        return RuleTried(name, True, _assumed(rule, one.facts))
    found.missing.update(dict.fromkeys(verdict.missing))
    return _tried(name, verdict.why if verdict.holds is False else f"cannot say: {verdict.why}")


def _verdict(pack: Pack, rule: Rule, known: Known, currency: str) -> Verdict:
    if rule.is_off:
        return Verdict(False, "switched off: nobody has read its source; set its status after reading it")
    verdict = judge(rule.when, known)
    if verdict.holds:
        tables = (pack.amount(give) for give in rule.gives if give.amount)
        if any(table is not None and currency not in table for table in tables):
            return Verdict(None, f"it has no amount in {currency}", (currency,))
    return verdict


def _match(pack: Pack, rule: Rule, name: str, currency: str) -> Match:
    choices = tuple(tuple(_line(pack, rule, give, name, currency) for give in option) for option in rule.choose)
    return Match(rule, tuple(_line(pack, rule, give, name, currency) for give in rule.give), choices)


def _line(pack: Pack, rule: Rule, give: Give, name: str, currency: str) -> Line:
    table = pack.amount(give)
    amount = None if table is None else money(table, currency)
    source = rule.source.to_domain() if rule.source else None
    return Line(rule.kind, give.remedy, name, amount, None, source)


def _assumed(rule: Rule, facts: Facts) -> str:
    names = sorted(facts.assumed & rule.when.fact_names)
    return f"assumed: {', '.join(f'{name} is false' for name in names)}" if names else ""


def _once(lines: Iterable[Line]) -> Lines:
    seen: dict[object, Line] = {}
    for line in lines:
        seen.setdefault(line.remedy if line.amount is None else id(line), line)
    return tuple(seen.values())
