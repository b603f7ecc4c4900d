"""What must fit together across the tables of a pack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from helpdesk_recovery.policy.condition import When
from helpdesk_recovery.policy.document import Pack
from helpdesk_recovery.policy.rule import Give, Rule

Path = tuple[str | int, ...]
Finding = tuple[Path, str]

_WORDS_OF_CARE = frozenset({"apology", "explanation"})


def unsound(pack: Pack) -> Iterator[Finding]:
    """Yield the path and the words of everything in *pack* that does not fit together."""
    if not pack.currencies:
        yield ("currencies",), "no currency; name at least one"
    if not pack.rule:
        yield ("rule",), "no rule; write at least one"
    yield from _facts(pack)
    yield from _currencies(pack)
    twice = {rule_id for rule_id, count in Counter(rule.id for rule in pack.rule).items() if count > 1}
    for index, rule in enumerate(pack.rule):
        path: Path = ("rule", index)
        if rule.id in twice:
            yield (*path, "id"), f'two rules are called "{rule.id}"; give each its own id'
        yield from _rule(pack, rule, path)


def _facts(pack: Pack) -> Iterator[Finding]:
    for name, fact in pack.facts.items():
        if fact.default is not None and (fact.default or fact.type != "bool"):
            advice = "only a fact of type bool may have a default, and only false; leave it out"
            yield ("facts", name, "default"), advice


def _currencies(pack: Pack) -> Iterator[Finding]:
    tables: dict[Path, dict[str, object]] = {
        ("limits", "cap"): {**pack.limits.cap},
        ("limits", "approve_above"): {**pack.limits.approve_above},
    }
    has_money = any(pack.amounts) or any(give.amount for rule in pack.rule for give in rule.gives)
    for path, table in tables.items():
        lacking = [currency for currency in pack.currencies if currency not in table]
        if has_money and lacking:
            yield path, f"{'.'.join(map(str, path))} lacks {', '.join(lacking)}; add a sum for each currency"
    tables |= {("amounts", name): {**table} for name, table in pack.amounts.items()}
    for path, table in tables.items():
        yield from _undeclared(pack, table, path)


def _undeclared(pack: Pack, table: dict[str, object], path: Path) -> Iterator[Finding]:
    for currency in table:
        if currency not in pack.currencies:
            yield (*path, currency), f"{currency} is not among the pack's currencies; add it there or mend it here"


def _rule(pack: Pack, rule: Rule, path: Path) -> Iterator[Finding]:
    if rule.when.is_empty:
        yield (*path, "when"), "no condition: it would always match; write harm = { at_least = 0 } to mean that"
    if rule.kind == "entitlement" and rule.source is None:
        yield path, "an entitlement needs a source: title, url, checked_on and status"
    if not rule.gives and not rule.care:
        yield path, "it gives nothing; add give, choose or care = true"
    if rule.choose and (len(rule.choose) < 2 or not all(rule.choose)):
        yield (*path, "choose"), "a choice needs two sets or more, none of them empty"
    yield from _care(rule, path)
    yield from _remedies(pack, rule, path)
    yield from _when(pack, rule.when, (*path, "when"))


def _care(rule: Rule, path: Path) -> Iterator[Finding]:
    if rule.care and (rule.choose or any(give.is_money for give in rule.give)):
        yield (*path, "care"), "where a person calls first no money and no choice is shown; take them out of the rule"
    has_money = any(give.is_money for give in rule.gives)
    if has_money and not any(give.remedy in _WORDS_OF_CARE for give in rule.give):
        yield (*path, "give"), "money never comes alone; add an apology or an explanation to give"


def _remedies(pack: Pack, rule: Rule, path: Path) -> Iterator[Finding]:
    places = [((*path, "give", i), give) for i, give in enumerate(rule.give)]
    for i, option in enumerate(rule.choose):
        places += [((*path, "choose", i, j), give) for j, give in enumerate(option)]
    for place, give in places:
        yield from _remedy(pack, give, place)


def _remedy(pack: Pack, give: Give, path: Path) -> Iterator[Finding]:
    price = give.amount
    if price is None:
        if give.is_money and give.remedy != "refund":
            yield (*path, give.remedy), f"{give.remedy} needs an amount; only a refund in full goes without"
        return
    if not give.is_money:
        yield (*path, "amount"), f"{give.remedy} is not money and has no amount; take the amount out"
    if price.name is not None and price.name not in pack.amounts:
        known = ", ".join(sorted(pack.amounts)) or "none yet"
        yield (*path, price.name), f'there is no [amounts] table "{price.name}" (there is: {known})'
    yield from _undeclared(pack, {**(price.table or {})}, (*path, "amount"))


def _when(pack: Pack, when: When, path: Path) -> Iterator[Finding]:
    for name, test in when.facts.items():
        fact = pack.facts.get(name)
        if fact is None:
            yield (*path, "facts", name), f"{name} is not declared; add [facts.{name}] with its type"
        elif fact.type != test.type:
            yield (*path, "facts", name), f"{name} is declared as {fact.type}, but the rule tests a {test.type}"
    for word in ("all", "any", "none"):
        for index, inner in enumerate(getattr(when, word)):
            yield from _when(pack, inner, (*path, word, index))
