"""From a reading to an assessment: what the model's table weighs, and the floors under it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from helpdesk_recovery.assess import mood
from helpdesk_recovery.assess.events import events
from helpdesk_recovery.assess.quote import quote
from helpdesk_recovery.assess.reading import Reading
from helpdesk_recovery.assess.remedy import named_amount
from helpdesk_recovery.assess.tally import Tally, Weighed
from helpdesk_recovery.domain.assessment import (
    ATTRIBUTIONS,
    LOSS_TYPES,
    REQUESTED_REMEDIES,
    Assessment,
    Category,
    Coded,
    Evidence,
    Language,
)
from training.model import signals
from training.model.features import features
from training.model.harm import least_harm
from training.model.kind import likeliest
from training.model.levels import HIGHEST_HARM, HIGHEST_TONE, graded
from training.model.table import Scores, Table

CATEGORIES = tuple(code.value for code in Category)
_SHOWN = 8
"""Pieces of evidence told one by one for each question; the others are told as one, of the whole message."""

_TASKS = ("complaint", "negative", "positive", "harm", "tone")


def judge(reading: Reading, language: Language, source: str, table: Table) -> Assessment:
    """Judge *reading* by *table*; *source* is the body as received, which the evidence is cut from."""
    happened = events(reading)
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
        sentiment=mood.sentiment(scores.tally("negative"), scores.tally("positive")),
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


def _evidence(tallies: Iterable[Tally], reading: Reading, source: str) -> Iterable[Evidence]:
    for tally in tallies:
        for start, end, weight in _most_telling(tally.weighed):
            first, last = reading.body.origin(start, end) if end else (0, 0)
            yield Evidence(tally.signal, first, last, source[first:last], weight)


def _most_telling(weighed: Sequence[Weighed]) -> list[Weighed]:
    """Return the strongest pieces in the order of the text, and all others as one of the whole message."""
    ranked = sorted(weighed, key=lambda piece: (-abs(piece[2]), piece))
    rest = math.fsum(weight for _, _, weight in ranked[_SHOWN:])
    return sorted(ranked[:_SHOWN]) + ([(0, 0, rest)] if rest else [])
