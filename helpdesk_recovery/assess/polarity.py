"""TextBlob's word polarity, for English only: elsewhere it answers "neutral" whatever is said."""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def _blob() -> Any:
    from textblob import TextBlob  # half a second: paid by the first English text

    return TextBlob


def polarity(text: str) -> tuple[float, float]:
    """Return polarity (-1 to 1) and subjectivity (0 to 1) of an English text."""
    sentiment = _blob()(text).sentiment
    return float(sentiment.polarity), float(sentiment.subjectivity)
