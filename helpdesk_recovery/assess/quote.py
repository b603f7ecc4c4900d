"""The one short sentence, in the customer's own words, that best shows what happened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from helpdesk_recovery.assess.lexicon import Hit
from helpdesk_recovery.assess.reading import Reading
from helpdesk_recovery.assess.reply import Span

LONGEST = 90
_SHORTEST = 8
_LEAST = 0.45  # a span of time alone tells nothing
_SENTENCE = re.compile(r"[^.!?…\n]+(?:[.!?…](?!\s|$)[^.!?…\n]*)*[.!?…]*")
_CLAUSE = re.compile(r"[^,;:–—]+(?:[,.:](?=\d)[^,;:–—]*)*")
_PERSONAL = re.compile(
    r"\S+@\S+|https?:|www\.|(?:\+|00)\d[\d ()\-]{6,}|\d[\d \-]{7,}\d|[A-Z]{1,4}[-/]?\d{4,}|(?<!\d)\d{6,}"
)
_WEIGHT = {"happened": 1.0, "worse": 0.5, "unit": 0.4, "signal": 0.4, "said": 0.1, "tone": 0.1}


def quote(reading: Reading) -> str | None:
    """Return at most LONGEST characters, verbatim, without personal data; None when nothing fits."""
    told = [hit for hit in reading.hits if hit.group in _WEIGHT and hit.key not in ("question", "thanks", "praise")]
    spans = [span for span in _candidates(reading.text) if _fits(reading.text[slice(*span)])]
    rated = [(_told(told, span), -index, span) for index, span in enumerate(spans)]
    best = max(rated, default=None)
    if best is None or best[0] < _LEAST:
        return None
    return " ".join(reading.text[slice(*best[2])].split())


def _candidates(text: str) -> Iterator[Span]:
    """Yield sentences, and of those too long the clauses and pairs of clauses that are short enough."""
    for sentence in _SENTENCE.finditer(text):
        start, end = _stripped(text, *sentence.span())
        if end - start <= LONGEST:
            yield start, end
        else:
            yield from _clauses(text, start, end)


def _clauses(text: str, start: int, end: int) -> Iterator[Span]:
    parts = [match.span() for match in _CLAUSE.finditer(text, start, end)]
    for index, (first, last) in enumerate(parts):
        yield _stripped(text, first, last)
        if index + 1 < len(parts):
            yield _stripped(text, first, parts[index + 1][1])


def _stripped(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip(" \t-–—•*"))
    return start, max(start, end - (len(piece) - len(piece.rstrip())))


def _fits(piece: str) -> bool:
    return _SHORTEST <= len(piece) <= LONGEST and not _PERSONAL.search(piece)


def _told(hits: Sequence[Hit], span: Span) -> float:
    """Rate how much of what happened lies in *span*; each code counts once."""
    start, end = span
    inside = {(h.group, h.key): h for h in hits if start <= h.start and h.end <= end}
    return sum(_WEIGHT[h.group] * h.strength for h in inside.values())
