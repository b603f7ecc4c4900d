"""Remedies and wishes in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import reduce

from babel.numbers import is_currency

from helpdesk_recovery.domain.assessment import Assessment, NamedAmount
from helpdesk_recovery.domain.decision import Line
from helpdesk_recovery.domain.money import Money
from helpdesk_recovery.wording.catalogue import Catalogue
from helpdesk_recovery.wording.money import format_money
from helpdesk_recovery.wording.safe import plain

_WORDS = frozenset({"apology", "explanation", "information"})
_GIFTS = frozenset({"voucher", "store_credit", "bill_discount"})
_TOGETHER = {
    ("replacement", "expedited_shipping"): "replacement_express",
    ("apology", "explanation"): "apology_explanation",
}
_BELIEVABLE = Decimal(10) ** 9


def remedies(texts: Catalogue, lines: Sequence[Line]) -> str:
    """Say lines that come together: "refund £34.50 … + voucher for £5.00"; each amount once."""
    return " + ".join(parts(texts, "remedy", lines))


def parts(texts: Catalogue, family: str, lines: Sequence[Line]) -> list[str]:
    """Say each line with the texts of *family*: ``remedy`` for staff, ``give`` for the customer."""
    return [_one(texts, family, line) for line in _merged(lines)]


def in_short(texts: Catalogue, lines: Sequence[Line]) -> list[str]:
    """Say each line by its amount alone when it has one: how it is given was said before."""
    return [_capped(texts, line) if line.amount else _one(texts, "remedy", line) for line in _merged(lines)]


def material(lines: Sequence[Line]) -> Sequence[Line]:
    """Leave out what is only said, which comes with every choice, unless there is nothing else."""
    return [line for line in lines if line.remedy not in _WORDS] or lines


def _merged(lines: Sequence[Line]) -> list[Line]:
    """Make one of what people say as one thing: what puts it right first, then gifts, then words."""
    ordered = sorted(lines, key=lambda line: (line.remedy in _WORDS, line.remedy in _GIFTS))
    for (first, second), together in _TOGETHER.items():
        if {first, second} <= {line.remedy for line in ordered if line.amount is None}:
            ordered = [replace(line, remedy=together) if line.remedy == first else line for line in ordered]
            ordered = [line for line in ordered if line.remedy != second]
    return ordered


def _capped(texts: Catalogue, line: Line) -> str:
    words = format_money(line.amount, texts.language) if line.amount else ""
    if line.cap is None:
        return words
    return texts.say("at_most", remedy=words, cap=format_money(line.cap, texts.language))


def joined(texts: Catalogue, key: str, words: Sequence[str]) -> str:
    """Join *words* two by two with the text of *key*; empty for none."""
    if not words:
        return ""
    return reduce(lambda first, second: texts.say(key, first=first, second=second), words)


def _one(texts: Catalogue, family: str, line: Line) -> str:
    key = f"{family}.{line.remedy}"
    if line.amount is None:
        return texts.say(key) if key in texts else readable(line.remedy)
    amount = format_money(line.amount, texts.language)
    if f"{key}.amount" in texts:
        return texts.say(f"{key}.amount", amount=amount)
    words = texts.say(key) if key in texts else readable(line.remedy)
    return texts.say("with_amount", words=words, amount=amount)


def wish(texts: Catalogue, assessment: Assessment, *, with_amount: bool = True) -> str | None:
    """Say what the customer asks for, with the sum they name unless *with_amount* is off; None for nothing."""
    key = f"asked.{assessment.requested_remedy}"
    words = texts.say(key) if key in texts else None
    amount = _named(texts, assessment.named_amount) if with_amount else None
    if amount is None or words is None:
        return words or amount
    if f"{key}.amount" in texts:
        return texts.say(f"{key}.amount", amount=amount)
    return texts.say("with_amount", words=words, amount=amount)


def _named(texts: Catalogue, named: NamedAmount | None) -> str | None:
    if named is None or not (named.amount.is_finite() and 0 < named.amount < _BELIEVABLE):
        return None
    if not is_currency(named.currency):
        return None
    try:
        return format_money(Money.of(named.amount, named.currency), texts.language)
    except ValueError:  # text is never trusted to hold a sum that exists
        return None


def readable(code: str) -> str:
    """Return a code without a text of its own as words."""
    return plain(code, 60)


def in_words(texts: Catalogue, family: str, code: str) -> str:
    """Return the text of *code* in *family*, or the code as words when it has none."""
    key = f"{family}.{code}"
    return texts.say(key) if key in texts else readable(code)
