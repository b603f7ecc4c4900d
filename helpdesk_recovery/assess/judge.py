"""From a reading to an assessment: model "lexicon-1", weights by hand and not calibrated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from helpdesk_recovery.assess import complaint as complaint_task
from helpdesk_recovery.assess import harm as harm_task
from helpdesk_recovery.assess import mood, signals
from helpdesk_recovery.assess import tone as tone_task
from helpdesk_recovery.assess.events import events
from helpdesk_recovery.assess.kind import attribution, category, loss_type
from helpdesk_recovery.assess.quote import quote
from helpdesk_recovery.assess.reading import Reading
from helpdesk_recovery.assess.remedy import named_amount, requested_remedy
from helpdesk_recovery.assess.tally import Tally
from helpdesk_recovery.domain.assessment import (
    SIGNALS,
    Assessment,
    Coded,
    Evidence,
    Graded,
    Language,
    Sentiment,
)

MODEL = "lexicon-1"

BIAS: Mapping[str, float] = {
    "complaint": complaint_task.BIAS,
    "negative": mood.NEGATIVE_BIAS,
    "positive": mood.POSITIVE_BIAS,
    "harm": harm_task.BIAS,
    "tone": tone_task.BIAS,
    **dict.fromkeys(SIGNALS, signals.BIAS),
}
"""The bias of each ``Evidence.signal``: bias plus the weights of its evidence is the logit. Others have none."""


def judge(reading: Reading, language: Language, source: str) -> Assessment:
    """Judge *reading*; *source* is the body as received, which the evidence is cut from."""
    happened = events(reading)
    complaint = complaint_task.complaint(reading, happened)
    words = mood.word_polarity(reading)
    against, favour = mood.negative(complaint, words), mood.positive(reading, happened, words)
    harm, tone = harm_task.harm(reading, happened), tone_task.tone(reading)
    level = harm_task.graded_harm(harm, happened)
    kind, kind_tally = category(reading, happened)
    told = signals.signals(reading, happened)
    wanted = requested_remedy(reading, complaint.p)
    tallies = [complaint, against, favour, harm, tone, kind_tally, *told, *([wanted] if wanted else [])]
    return Assessment(
        language=language,
        scored=True,
        reason=None,
        calibrated=False,
        sentiment=mood.sentiment(against, favour),
        complaint=complaint.p,
        harm=level,
        tone=tone_task.graded_tone(tone),
        category=kind,
        loss_type=loss_type(happened, level.level),
        attribution=attribution(reading, happened, complaint.p),
        requested_remedy=wanted.signal.removeprefix("remedy:") if wanted else "none",
        named_amount=named_amount(reading),
        signals=signals.coded(told),
        evidence=tuple(_evidence(tallies, reading, source)),
        model=MODEL,
        quote=quote(reading),
    )


def not_scored(language: Language, reason: str) -> Assessment:
    """Return an assessment that says nothing but why: a person decides."""
    return Assessment(
        language=language,
        scored=False,
        reason=reason,
        calibrated=False,
        sentiment=Sentiment("neutral", 0.0, 1 / 3, 1 / 3, 1 / 3),
        complaint=0.5,
        harm=Graded(0, 0.0, 0.0),
        tone=Graded(0, 0.0, 0.0),
        category=Coded("other", 0.0),
        loss_type="none",
        attribution=Coded("unclear", 0.0),
        requested_remedy="none",
        named_amount=None,
        signals=(),
        evidence=(),
        model=MODEL,
    )


def _evidence(tallies: Iterable[Tally], reading: Reading, source: str) -> Iterable[Evidence]:
    for tally in tallies:
        for start, end, weight in tally.weighed:
            first, last = reading.body.origin(start, end) if end else (0, 0)
            yield Evidence(tally.signal, first, last, source[first:last], weight)
