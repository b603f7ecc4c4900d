"""The lines that all notes share: what happened, what is asked, what is due, what to check."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from helpdesk_recovery.domain.decision import Line, Outcome
from helpdesk_recovery.wording import dates
from helpdesk_recovery.wording.catalogue import Catalogue
from helpdesk_recovery.wording.context import NoteContext
from helpdesk_recovery.wording.dress import NoteLine
from helpdesk_recovery.wording.money import format_money
from helpdesk_recovery.wording.remedy_words import in_words, readable, remedy, wish
from helpdesk_recovery.wording.safe import plain, without_amounts
from helpdesk_recovery.wording.sentence import stop

QUOTE_LIMIT = 140
_TITLE_LIMIT = 80
_REASONS = ("safety", "legal", "vulnerability")


def happened(note: NoteContext) -> NoteLine | None:
    """Say what happened: one harm word, the kind of trouble, one quote. What is unclear is not claimed."""
    known = note.assessment.scored and "category" not in note.decision.unclear
    statement = in_words(note.staff, "category", note.assessment.category.code) if known else ""
    return _told(note, "label.happened", statement, note.assessment.quote or "")


def why(note: NoteContext) -> NoteLine | None:
    """Say why a grave case is grave; a sum inside the quote is left out."""
    found = [code for code in _REASONS if note.assessment.has_signal(code)] or ["harm"]
    reasons = ", ".join(note.staff.say(f"why.{code}") for code in found)
    return _told(note, "label.why", reasons, without_amounts(note.assessment.quote or ""))


def _told(note: NoteContext, label: str, statement: str, quote: str) -> NoteLine | None:
    words = plain(quote, QUOTE_LIMIT).strip("' ")
    said = note.staff.say("quote", quote=words) if words else ""
    body = " ".join(part for part in (stop(statement) if statement else "", said) if part)
    return NoteLine(_with_harm(note, label), body) if body else None


def _with_harm(note: NoteContext, label: str) -> str:
    key = f"harm.{note.assessment.harm.level}"
    judged = note.assessment.scored and "harm" not in note.decision.unclear
    if not (judged and key in note.staff):
        return note.staff.say(label)
    return note.staff.say(f"{label}.harm", harm=note.staff.say(key))


def asks(note: NoteContext) -> NoteLine | None:
    """Say what the customer asks for and, once a remedy is decided, whether that is met."""
    with_amount = note.decision.outcome is not Outcome.CARE
    asked = wish(note.staff, note.assessment, with_amount=with_amount)
    if asked is None:
        return None
    key = f"met.{note.decision.requested}"
    decided = note.decision.outcome is Outcome.REMEDY and key in note.staff
    met = f" {note.staff.say(key)}" if decided else ""
    return NoteLine(note.staff.say("label.asks"), stop(asked) + met)


def due(note: NoteContext) -> NoteLine | None:
    """Say what law or tariff grants, each with its source and the day it was read."""
    lines = note.lines("entitlement")
    body = "; ".join(_with_source(note, line) for line in lines)
    return NoteLine(note.staff.say("label.due"), stop(body)) if lines else None


def _with_source(note: NoteContext, line: Line) -> str:
    if line.source is None:
        return _with_rule(note, [line])
    key = "due.checked" if line.source.status == "primary" else "due.secondary"
    title = plain(line.source.title, _TITLE_LIMIT)
    date = dates.short_date(line.source.checked_on, note.staff.language)
    return note.staff.say(key, remedy=_in_short(note.staff, line), source=title, date=date)


def goodwill(note: NoteContext) -> NoteLine | None:
    """Say what is given out of goodwill, with rule, limit and version."""
    lines = note.lines("goodwill")
    by_rule = groupby(sorted(lines, key=lambda line: line.rule), key=lambda line: line.rule)
    body = "; ".join(_with_rule(note, list(same)) for _, same in by_rule)
    return NoteLine(note.staff.say("label.goodwill"), stop(body)) if lines else None


def _with_rule(note: NoteContext, lines: Sequence[Line]) -> str:
    words = " + ".join(_with_cap(note.staff, line) for line in lines)
    rule = plain(lines[0].rule.replace("_", "-"), _TITLE_LIMIT)
    return note.staff.say("by_rule", remedy=words, rule=rule, version=str(note.decision.version))


def _with_cap(texts: Catalogue, line: Line) -> str:
    words = _in_short(texts, line)
    if line.cap is None:
        return words
    return texts.say("at_most", remedy=words, cap=format_money(line.cap, texts.language))


def _in_short(texts: Catalogue, line: Line) -> str:
    """The first line says how it is given; here the amount is enough."""
    return format_money(line.amount, texts.language) if line.amount else remedy(texts, line)


def to_check(note: NoteContext) -> NoteLine | None:
    """List what to check before giving anything."""
    return _listed(note, "label.check", note.decision.to_check)


def missing(note: NoteContext) -> NoteLine | None:
    """List the facts that no rule could be tried without."""
    return _listed(note, "label.missing", note.decision.missing)


def _listed(note: NoteContext, label: str, keys: Sequence[str]) -> NoteLine | None:
    words = [in_words(note.staff, "check", key) for key in dict.fromkeys(keys)]
    return NoteLine(note.staff.say(label), stop(", ".join(words))) if words else None


def role(texts: Catalogue, code: str) -> str:
    """Return a role as people call it."""
    return in_words(texts, "role", readable(code))
