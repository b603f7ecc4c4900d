"""The lines that all notes share: what happened, what is asked, what is due, what to check."""

from __future__ import annotations

from collections.abc import Sequence

from babel.numbers import is_currency

from helpdesk_recovery.domain.assessment import GRAVE_HARM
from helpdesk_recovery.domain.decision import Line, Outcome, Source
from helpdesk_recovery.wording import dates
from helpdesk_recovery.wording.catalogue import Catalogue
from helpdesk_recovery.wording.context import NoteContext
from helpdesk_recovery.wording.dress import NoteLine
from helpdesk_recovery.wording.remedy_words import in_short, in_words, joined, material, readable, wish
from helpdesk_recovery.wording.safe import plain, without_amounts
from helpdesk_recovery.wording.sentence import stop

QUOTE_LIMIT = 140
_QUOTE_READ = 2_000  # sums are found before the quote is cut, or a cut could hide their currency
_TITLE_LIMIT = 80
_SIGNALS = ("safety", "legal", "vulnerability")


def happened(note: NoteContext) -> NoteLine | None:
    """Say what happened: one harm word, the kind of trouble, one quote. What is unclear is not claimed."""
    known = note.assessment.scored and "category" not in note.decision.unclear
    statement = in_words(note.staff, "category", note.assessment.category.code) if known else ""
    return _told(note, "label.happened", statement, note.assessment.quote or "")


def why(note: NoteContext) -> NoteLine | None:
    """Say why a grave case is grave; a sum inside the quote is left out."""
    quote = without_amounts(plain(note.assessment.quote or "", _QUOTE_READ))
    return _told(note, "label.why", ", ".join(_reasons(note)), quote)


def _reasons(note: NoteContext) -> list[str]:
    said = note.assessment
    found = [code for code in _SIGNALS if said.has_signal(code) or code == said.category.code]
    if not found and said.harm.level < GRAVE_HARM:  # a rule of the policy says that a person calls
        return [in_words(note.staff, "category", said.category.code)]
    return [note.staff.say(f"why.{code}") for code in found or ["harm"]]


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
    return _granted(note, "label.due", note.lines("entitlement"))


def goodwill(note: NoteContext) -> NoteLine | None:
    """Say what is given out of goodwill, with rule, limit and version; beside a sum the rest goes without saying."""
    lines = note.lines("goodwill")
    priced = {line.rule for line in lines if line.amount}
    told = [line for line in material(lines) if line.amount or line.rule not in priced]
    return _granted(note, "label.goodwill", told)


def _granted(note: NoteContext, label: str, lines: Sequence[Line]) -> NoteLine | None:
    if not lines:
        return None
    by_origin: dict[tuple[str, Source | None], list[Line]] = {}
    for line in lines:
        rule = "" if line.source else line.rule
        by_origin.setdefault((rule, line.source), []).append(line)
    body = "; ".join(_with_origin(note, same) for same in by_origin.values())
    return NoteLine(note.staff.say(label), stop(body))


def _with_origin(note: NoteContext, lines: Sequence[Line]) -> str:
    words, source = _together_or_not(note, lines), lines[0].source
    if source is None:
        rule = plain(lines[0].rule.replace("_", "-"), _TITLE_LIMIT)
        return note.staff.say("by_rule", remedy=words, rule=rule, version=str(note.decision.version))
    key = "due.checked" if source.status == "primary" else "due.secondary"
    date = dates.short_date(source.checked_on, note.staff.language)
    return note.staff.say(key, remedy=words, source=plain(source.title, _TITLE_LIMIT), date=date)


def _together_or_not(note: NoteContext, lines: Sequence[Line]) -> str:
    """Join what comes together with "+" and what is to choose from with "or"."""
    sets = (in_short(note.staff, [line for line in group if line in lines]) for group in note.groups())
    told = dict.fromkeys(" + ".join(words) for words in sets if words)
    return joined(note.staff, "one_of", list(told))


def to_check(note: NoteContext) -> NoteLine | None:
    """List what to check before giving anything."""
    return _listed(note, "label.check", note.decision.to_check)


def missing(note: NoteContext) -> NoteLine | None:
    """List the facts that no rule could be tried without."""
    return _listed(note, "label.missing", note.decision.missing)


def _listed(note: NoteContext, label: str, keys: Sequence[str]) -> NoteLine | None:
    words = [_checked(note.staff, key) for key in dict.fromkeys(keys)]
    return NoteLine(note.staff.say(label), stop(", ".join(words))) if words else None


def _checked(texts: Catalogue, key: str) -> str:
    if is_currency(key):
        return texts.say("check.currency", currency=key)
    return in_words(texts, "check", key)


def role(texts: Catalogue, code: str) -> str:
    """Return a role as people call it."""
    return in_words(texts, "role", readable(code))
