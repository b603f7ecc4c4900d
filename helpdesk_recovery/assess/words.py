"""Split a text into words that remember where they stood."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

_WORD = re.compile(
    r"\d+(?:[.,]\d+)*+"  # 14.99 stays one word
    r"|[^\W\d_]+(?:['’`´][^\W\d_]+)*+"
    r"|[\U0001F300-\U0001FAFF\u2600-\u27BF]"
    r"|[!?]{2,}+"
)
_BOUNDARY = re.compile(r"[.!?…]|\n[ \t]*\n|[,:][ \t]*\n")
_ABBREVIATION = 3
_APOSTROPHES = str.maketrans("", "", "'’`´")
_STROKES = str.maketrans({"ø": "o", "æ": "ae", "ł": "l", "đ": "d", "ı": "i"})


class Word(NamedTuple):
    """One word, number or emoji: *text* is normalised, the offsets are those of the text it was found in."""

    text: str
    start: int
    end: int
    sentence: int


def normalise(word: str, fold: bool) -> str:
    """Lower *word* and drop apostrophes; with *fold* also accents, since many people type without them."""
    plain = word.casefold().translate(_APOSTROPHES)
    if not fold or plain.isascii():
        return plain
    parts = unicodedata.normalize("NFKD", plain)
    return "".join(c for c in parts if not unicodedata.combining(c)).translate(_STROKES)


def split_words(text: str, fold: bool) -> tuple[Word, ...]:
    """Return the words of *text* in order, each with the number of its sentence, counted from 0."""
    found: list[Word] = []
    sentence = 0
    previous = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        if found and _BOUNDARY.search(text, previous, start) and not _abbreviated(found[-1], text, start):
            sentence += 1
        found.append(Word(normalise(match.group(), fold), start, end, sentence))
        previous = end
        if match.group()[0] in "!?":
            sentence += 1
    return tuple(found)


def _abbreviated(last: Word, text: str, start: int) -> bool:
    """Tell whether the stop after *last* only shortens it: "34 kr. tilbage", "nr. 5"."""
    short = len(last.text) <= _ABBREVIATION and text.startswith(". ", last.end)
    return short and not text[start].isupper() and "\n" not in text[last.end : start]
