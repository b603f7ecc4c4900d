"""Whether a condition holds for what is known, and if not, why not in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from helpdesk_recovery.policy.condition import When
from helpdesk_recovery.policy.fact import Facts


class Verdict(NamedTuple):
    """``holds`` is None when it cannot be said; then ``missing`` names the facts that would tell."""

    holds: bool | None
    why: str = ""
    missing: tuple[str, ...] = ()


YES = Verdict(True)
_SAID = {"loss_type": "loss type", "requested_remedy": "requested remedy"}


@dataclass(frozen=True, slots=True)
class Known:
    """What a condition may look at: labels of the assessment and the ticket by field, and the pack's facts."""

    labels: Mapping[str, str | int | tuple[str, ...]]
    facts: Facts


def judge(when: When, known: Known) -> Verdict:
    """Judge all of *when*: a clear no beats "cannot say", which beats yes."""
    if (no := _labels(when, known)) is not None:
        return no
    return _all_of(_rest(when, known))


def _labels(when: When, known: Known) -> Verdict | None:
    for name, test in when.labels:
        value = known.labels[name]
        if not test.holds(value):  # type: ignore[arg-type]  # the field decides which test it has
            return _no(_SAID.get(name, name), value, test.need)
    return None


@lru_cache(maxsize=2048, typed=True)  # the same few answers again and again
def _no(name: str, value: object, need: str) -> Verdict:
    return Verdict(False, f"{name} is {_said(value)}, needs {need}")


def _rest(when: When, known: Known) -> list[Verdict]:
    found = [_fact(name, when, known.facts) for name in when.facts]
    found += [judge(inner, known) for inner in when.all]
    found += [_any_of(when.any, known)] if when.any else []
    return found + [_not(inner, judge(inner, known)) for inner in when.none]


def _fact(name: str, when: When, facts: Facts) -> Verdict:
    if name not in facts.known:
        return Verdict(None, (facts.unusable or {}).get(name, f"needs {name}"), (name,))
    value, test = facts.known[name], when.facts[name]
    return YES if test.holds(value) else _no(name, value, test.need)


def _all_of(verdicts: list[Verdict]) -> Verdict:
    no = next((v for v in verdicts if v.holds is False), None)
    return no or _unknown([v for v in verdicts if v.holds is None])


def _any_of(options: tuple[When, ...], known: Known) -> Verdict:
    verdicts = [judge(option, known) for option in options]
    if any(v.holds for v in verdicts):
        return YES
    unknown = _unknown([v for v in verdicts if v.holds is None])
    return Verdict(False, "; ".join(v.why for v in verdicts)) if unknown.holds else unknown


def _not(inner: When, verdict: Verdict) -> Verdict:
    if verdict.holds is None:
        return verdict
    return Verdict(False, f"left out because {inner.words}") if verdict.holds else YES


def _unknown(verdicts: list[Verdict]) -> Verdict:
    if not verdicts:
        return YES
    return Verdict(None, "; ".join(v.why for v in verdicts), tuple(n for v in verdicts for n in v.missing))


def _said(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    return str(value) or "not known"
