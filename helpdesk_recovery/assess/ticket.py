"""Assess a whole ticket: the newest message tells how it stands, the worst one how bad it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from helpdesk_recovery.assess.events import is_settled
from helpdesk_recovery.assess.judge import not_scored
from helpdesk_recovery.assess.message import NO_WORDS, assess_message
from helpdesk_recovery.domain.assessment import SIGNALS, Assessment, Coded, Evidence, Language
from helpdesk_recovery.domain.ticket import Message, Ticket


class _Scored(NamedTuple):
    assessment: Assessment
    settled: bool


def assess(ticket: Ticket) -> Assessment:
    """Assess *ticket* from its customer's public messages; one that cannot be scored is passed over.

    Offsets of the evidence are code points of the message it comes from: harm and category of the worst one,
    complaint of the one that complains most, signals of the one that gives them, all else of the newest.
    """
    messages = ticket.customer_messages()
    if not messages:
        return not_scored(Language("und", 0.0), NO_WORDS)
    each = [_score(ticket, message, first=index == 0) for index, message in enumerate(messages)]
    scored = [one for one in each if one.assessment.scored]
    if not each[-1].assessment.scored and each[-1].assessment.reason != NO_WORDS:
        return each[-1].assessment
    return _combine(scored) if scored else each[-1].assessment


def _score(ticket: Ticket, message: Message, *, first: bool) -> _Scored:
    subject = ticket.subject if first else ""
    found, reading = assess_message(message.text, subject=subject, locale=ticket.requester.locale, html=message.html)
    return _Scored(found, reading is not None and is_settled(reading))


def _combine(each: Sequence[_Scored]) -> Assessment:
    """Put the newest message's view beside the worst message's facts; the earliest wins a tie."""
    newest = each[-1].assessment
    told = [newest] if each[-1].settled else [one.assessment for one in each]
    worst = max(told, key=lambda one: one.harm.level)
    loudest = max(told, key=lambda one: one.complaint)
    asking = _asking(told)
    signals = _strongest([one.assessment for one in each])
    return replace(
        newest,
        complaint=loudest.complaint,
        harm=worst.harm,
        category=worst.category,
        loss_type=worst.loss_type,
        attribution=worst.attribution,
        requested_remedy=asking.requested_remedy,
        named_amount=asking.named_amount,
        signals=tuple(coded for coded, _ in signals),
        evidence=tuple(_evidence(newest, worst, loudest, asking, signals)),
        quote=worst.quote or newest.quote,
    )


def _asking(told: Sequence[Assessment]) -> Assessment:
    """Return the newest message that asks for something: "any news?" takes no earlier request back."""
    asking = (one for one in reversed(told) if one.requested_remedy not in ("none", "information"))
    return next(asking, told[-1])


def _strongest(each: Sequence[Assessment]) -> list[tuple[Coded, Assessment]]:
    """Return every signal of any message once, where it is clearest."""
    best: dict[str, tuple[Coded, Assessment]] = {}
    for one in each:
        for coded in one.signals:
            if coded.code not in best or coded.p > best[coded.code][0].p:
                best[coded.code] = (coded, one)
    return [best[code] for code in SIGNALS if code in best]


def _evidence(
    newest: Assessment,
    worst: Assessment,
    loudest: Assessment,
    asking: Assessment,
    signals: Sequence[tuple[Coded, Assessment]],
) -> Iterator[Evidence]:
    yield from _of(loudest, "complaint")
    for signal in ("negative", "positive", "tone"):
        yield from _of(newest, signal)
    yield from _of(worst, "harm")
    yield from _of(worst, f"category:{worst.category.code}")
    yield from _of(asking, f"remedy:{asking.requested_remedy}")
    for coded, one in signals:
        yield from _of(one, coded.code)


def _of(one: Assessment, signal: str) -> Iterator[Evidence]:
    return (evidence for evidence in one.evidence if evidence.signal == signal)
