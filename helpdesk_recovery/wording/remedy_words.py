"""Remedies and wishes in words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from helpdesk_recovery.domain.assessment import Assessment, NamedAmount
from helpdesk_recovery.domain.decision import Line
from helpdesk_recovery.domain.money import Money
from helpdesk_recovery.wording.catalogue import Catalogue
from helpdesk_recovery.wording.money import format_money
from helpdesk_recovery.wording.safe import plain

_BY_EXPRESS = {"replacement", "expedited_shipping"}
_BELIEVABLE = Decimal(10) ** 9


def remedies(texts: Catalogue, lines: Sequence[Line]) -> str:
    """Say lines that come together: "refund £34.50 … + voucher for £5.00"; each amount once."""
    return " + ".join(parts(texts, "remedy", lines))


def parts(texts: Catalogue, family: str, lines: Sequence[Line]) -> list[str]:
    """Say each line with the texts of *family* (``remedy`` or ``give``); a new item by express is one thing."""
    codes = {line.remedy for line in lines if line.amount is None}
    if not codes >= _BY_EXPRESS:
        return [_one(texts, family, line) for line in lines]
    others = [line for line in lines if line.amount or line.remedy not in _BY_EXPRESS]
    return [texts.say(f"{family}.replacement_express"), *(_one(texts, family, line) for line in others)]


def remedy(texts: Catalogue, line: Line) -> str:
    """Say one line, with its amount when it has one."""
    return _one(texts, "remedy", line)


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
