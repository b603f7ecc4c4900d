"""From a reading to an assessment: what the model's table weighs, and the floors under it."""

from __future__ import annotations

from collections.abc import Iterable

from helpdesk_recovery.assess.events import events
from helpdesk_recovery.assess.quote import quote
from helpdesk_recovery.assess.reading import Reading
from helpdesk_recovery.assess.remedy import named_amount
from helpdesk_recovery.domain.assessment import (
    ATTRIBUTIONS,
    LOSS_TYPES,
    REQUESTED_REMEDIES,
    Assessment,
    Category,
    Coded,
    Evidence,
    Graded,
    Language,
    Sentiment,
)
from training.model import mood, signals
from training.model.features import features
from training.model.harm import least_harm
from training.model.kind import likeliest
from training.model.levels import HIGHEST_HARM, HIGHEST_TONE, graded
from training.model.table import Scores, Table, load_table
from training.model.tally import Tally

CATEGORIES = tuple(code.value for code in Category)
_SHOWN = 8
"""Pieces of evidence told one by one for each question; the others are told as one, of the whole message."""

_TASKS = ("complaint", "negative", "positive", "harm", "tone")


def judge(reading: Reading, language: Language, source: str, table: Table | None = None) -> Assessment:
    """Judge *reading*; *source* is the body as received, which the evidence is cut from; *table* None: as shipped."""
    happened = events(reading)
    table = table or load_table()
    scores = Scores(table, features(reading, happened))
    told = signals.signals(scores, reading, happened, table.reported)
    harm = graded(scores, "harm", HIGHEST_HARM, least_harm(reading, happened))
    kind, wanted = likeliest(scores, "category", CATEGORIES), likeliest(scores, "remedy", REQUESTED_REMEDIES)
    shown = [*map(scores.tally, (*_TASKS, f"category:{kind.code}", f"remedy:{wanted.code}")), *told]
    return Assessment(
        language=language,
        scored=True,
        reason=None,
        calibrated=True,
        sentiment=mood.sentiment(scores.logit("negative"), scores.logit("positive")),
        complaint=scores.p("complaint"),
        harm=harm,
        tone=graded(scores, "tone", HIGHEST_TONE),
        category=kind,
        loss_type=likeliest(scores, "loss", LOSS_TYPES).code if harm.level else "none",
        attribution=likeliest(scores, "attribution", ATTRIBUTIONS),
        requested_remedy=wanted.code,
        named_amount=named_amount(reading),
        signals=tuple(Coded(tally.signal, tally.p) for tally in told),
        evidence=tuple(_evidence(shown, reading, source)),
        model=table.model,
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
        model=load_table().model,
    )


def _evidence(tallies: Iterable[Tally], reading: Reading, source: str) -> Iterable[Evidence]:
    for tally in tallies:
        for start, end, weight in tally.most_telling(_SHOWN):
            first, last = reading.body.origin(start, end) if end else (0, 0)
            yield Evidence(tally.signal, first, last, source[first:last], weight)
