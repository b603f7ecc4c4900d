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


_PLAIN = {
    "int_type": "write a whole number, without quotes",
    "bool_type": "write true or false, without quotes",
    "string_type": "write text in quotes",
    "tuple_type": "write a list in brackets: [ … ]",
    "dict_type": "write a table: { key = value }",
    "model_type": "write a table: { key = value }",
    "date_type": "write a date without quotes, such as 2026-01-31",
}
_OURS = frozenset({"table", "numbers", "words", "flag", "[key]"})  # steps of our models that no file has


def explain(error: ValidationError) -> Iterator[tuple[Path, str]]:
    """Yield the path and the words of every problem in *error*, one for each mistake."""
    details = error.errors(include_url=False)
    misspelt = {(*d["loc"][:-1], _near(d["loc"])) for d in details if d["type"] == "extra_forbidden"}
    for detail in details:
        path = tuple(part for part in detail["loc"] if part not in _OURS)
        if detail["type"] != "missing" or path not in misspelt:
            yield path, _words(detail, path)


def _words(detail: ErrorDetails, path: Path) -> str:
    key = next((part for part in reversed(path) if isinstance(part, str)), "the file")
    if detail["type"] == "extra_forbidden":
        return _unknown(key, path)
    if detail["type"] == "missing":
        return f"{key} is missing; add it"
    if detail["type"] == "literal_error":
        return f"{key} is {detail['input']!r}; write {detail['ctx']['expected']}"
    if detail["type"] == "string_pattern_mismatch":
        return f"{key} is {detail['input']!r}; it must look like {detail['ctx']['pattern']}"
    return f"{key}: {_PLAIN.get(detail['type']) or detail['msg'].removeprefix('Value error, ')}"


def _unknown(key: str, path: Path) -> str:
    if key in _REFUSED:
        return f"a rule cannot depend on {key}: {_REFUSED[key]}"
    near = _near(path)
    known = ", ".join(sorted(_table(path[:-1]).model_fields))
    advice = f'did you mean "{near}"?' if near else f"known here: {known}"
    return f'"{key}" is not known here; {advice}'


def _near(path: Path) -> str:
    return next(iter(get_close_matches(str(path[-1]), sorted(_table(path[:-1]).model_fields), 1)), "")


def _table(path: Path) -> type[BaseModel]:
    return next((_TABLES[part] for part in reversed(path) if isinstance(part, str) and part in _TABLES), Pack)
