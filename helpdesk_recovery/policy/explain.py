"""Say a validation error in words that tell an admin what to write instead."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from helpdesk_recovery.policy.condition import When
from helpdesk_recovery.policy.document import Care, Limits, Pack
from helpdesk_recovery.policy.fact import FactDeclaration
from helpdesk_recovery.policy.rule import Give, Rule, RuleSource
from helpdesk_recovery.policy.span import Span

Path = tuple[str | int, ...]

_TONE = "tone sets speed and wording, never what is given; use harm"
_TEXT = "what the customer writes never sets an amount; use harm and the facts"
_REFUSED = {
    "tone": _TONE, "sentiment": _TONE, "polarity": _TONE,
    "named_amount": _TEXT, "text": _TEXT, "subject": _TEXT, "body": _TEXT,
}  # fmt: skip
_TABLES: dict[str, type[BaseModel]] = {
    "limits": Limits, "care": Care, "facts": FactDeclaration, "rule": Rule, "when": When,
    "all": When, "any": When, "none": When, "give": Give, "choose": Give, "source": RuleSource, "harm": Span,
}  # fmt: skip


def explain(error: ValidationError) -> Iterator[tuple[Path, str]]:
    """Yield the path and the words of every problem in *error*."""
    for detail in error.errors(include_url=False):
        yield detail["loc"], _words(detail)


def _words(detail: ErrorDetails) -> str:
    key = str(detail["loc"][-1]) if detail["loc"] else "the file"
    if detail["type"] == "extra_forbidden":
        return _unknown(key, detail["loc"])
    if detail["type"] == "missing":
        return f"{key} is missing; add it"
    if detail["type"] == "literal_error":
        return f"{key} is {detail['input']!r}; write {detail['ctx']['expected']}"
    if detail["type"] == "string_pattern_mismatch":
        return f"{key} is {detail['input']!r}; it must look like {detail['ctx']['pattern']}"
    message = detail["msg"].removeprefix("Value error, ")
    return f"{key}: {message[:1].lower()}{message[1:]}"


def _unknown(key: str, path: Path) -> str:
    if key in _REFUSED:
        return f"a rule cannot depend on {key}: {_REFUSED[key]}"
    known = sorted(_table(path[:-1]).model_fields)
    near = get_close_matches(key, known, 1)
    advice = f'did you mean "{near[0]}"?' if near else f"known here: {', '.join(known)}"
    return f'"{key}" is not known here; {advice}'


def _table(path: Path) -> type[BaseModel]:
    return next((_TABLES[part] for part in reversed(path) if isinstance(part, str) and part in _TABLES), Pack)
