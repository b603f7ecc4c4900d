"""How loudly a message is written, whatever its words: capitals, marks of exclamation and question."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LOUD = re.compile(r"!{2,}|!\?|\?!|\?{2,}")
_MIN_LETTERS = 20


@dataclass(frozen=True, slots=True)
class Manner:
    """``shouting``: most of it in capitals. ``loud``: how often marks stand in a row, at most 4."""

    shouting: bool
    loud: int


def manner(text: str) -> Manner:
    """Look at how *text* is written."""
    letters = sum(map(str.isalpha, text))
    capitals = sum(map(str.isupper, text))
    return Manner(letters >= _MIN_LETTERS and capitals > 0.5 * letters, min(4, len(_LOUD.findall(text))))
