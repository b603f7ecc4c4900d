"""The shape of ``helpdesk-recovery assess --jsonl``: one object a line in, one object a line out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from helpdesk_recovery.assess.message import assess_text
from helpdesk_recovery.domain.assessment import Assessment

_GRADES = ("level", "score")


def to_json(assessment: Assessment) -> dict[str, Any]:
    """Return *assessment* as plain data, ready for JSON; the caller puts the ``id`` first."""
    data = asdict(assessment)
    data.pop("quote")
    data["complaint"] = {"p": assessment.complaint}
    for grade in ("harm", "tone"):
        data[grade] = {key: data[grade][key] for key in _GRADES}
    if assessment.named_amount:
        data["named_amount"]["amount"] = float(assessment.named_amount.amount)
    for signals in ("signals", "evidence"):
        data[signals] = list(data[signals])
    return data


def run(lines: Iterable[str]) -> Iterator[str]:
    """Assess each line ``{"id", "text", "subject"?, "locale"?}``; a bad line gives its id and an error."""
    for line in lines:
        if line.strip():
            yield json.dumps(_answer(line), ensure_ascii=False)


def _answer(line: str) -> dict[str, Any]:
    row: Any = None
    try:
        row = json.loads(line)
        return {"id": row["id"], **to_json(_assess(row))}
    except RecursionError:
        error = "The line is nested too deep."
    except json.JSONDecodeError as broken:
        error = f"The line is not JSON: {broken}."
    except (KeyError, TypeError, ValueError):
        error = 'A line must be an object with "id" and "text"; "subject" and "locale" may stand beside them as text.'
    return {"id": row.get("id") if isinstance(row, dict) else None, "error": error}


def _assess(row: dict[str, Any]) -> Assessment:
    text, subject, locale = row["text"], row.get("subject") or "", row.get("locale")
    if not (isinstance(text, str) and isinstance(subject, str) and isinstance(locale, str | None)):
        raise TypeError
    return assess_text(text, subject=subject, locale=locale)
