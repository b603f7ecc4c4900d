"""Find the customer's own newest words: no quoted history, signature or disclaimer."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

Span = tuple[int, int]

_RULE = r"^(?:--[ \t]*|[_*=\-]{5,}[ \t]*)$"
_NAME_LINES, _NAME_LENGTH = 4, 40
_FOOTER_LINES, _FOOTER_LENGTH = 12, 90
_LETTER_END = 3_000  # characters: a closing stands near the end, and looking at each of thousands is slow
_COVERING_NOTE = 150  # characters above a forwarded letter
_FIELDS = re.compile(r"(?:[ \t]*\n|[ \t]*[^\W\d_]{2,12}[ \t]*:[^\n]*\n?){0,12}")
_POSTSCRIPT = re.compile(r"^[ \t]*P\.?[ ]?S\b", re.MULTILINE | re.IGNORECASE)
_LINE = re.compile(r"[^\n]*\n?")
_DATED = re.compile(r"\d|@|<")


@cache
def _marks() -> Mapping[str, Sequence[str]]:
    """Return what marks history, signatures and so on, of all languages together: a quote may be in any."""
    source = files("helpdesk_recovery.assess").joinpath("reply.toml").read_text("utf-8")
    merged: dict[str, list[str]] = {}
    for table in tomllib.loads(source).values():
        for key, marks in table.items():
            merged.setdefault(key, []).extend(marks)
    return merged


def _any(key: str) -> str:
    """Return an alternation of the marks under *key*, longest first."""
    return "|".join(re.escape(mark) for mark in sorted(_marks()[key], key=len, reverse=True))


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    many = re.MULTILINE | re.IGNORECASE
    return {
        "wrote": re.compile(rf"(?<!\w)(?:{_any('wrote')})(?!\w)[^\n:]{{0,120}}(?::[^\n:]{{0,40}})??:[ \t]*$", many),
        "separator": re.compile(rf"^[ \t>*]*[-_=]{{2,}}[ \t]*(?:{_any('separator')})", many),
        "block": re.compile(
            rf"^[ \t>*]*(?:{_any('from')})[ \t]*:[^\n]{{1,200}}\n(?:[^\n]{{0,200}}\n){{0,2}}?"
            rf"[ \t>*]*(?:{_any('fields')})[ \t]*:",
            many,
        ),
        "footer": re.compile(rf"^[ \t]*(?:{_any('sent_from')}|{_any('disclaimer')})|{_RULE}", many),
        "closing": re.compile(rf"^[ \t]*(?:{_any('closing')})(?!\w)[^\n]{{0,40}}$", many),
        "thanks": re.compile(rf"^[ \t]*(?:{_any('thanks')})[ \t,.!]*$", many),
    }


def own_words(text: str, *, forwarded: bool = False) -> list[Span]:
    """Return the spans of *text* that the customer wrote now; empty when all of it is quoted or signature.

    Of a letter that a colleague *forwarded* with a line or two, the letter counts, and not what it quotes.
    """
    start, end = _forwarded(text) if forwarded else _without_history(text)
    end = _without_footer(text, start, end)
    spans = [(a, b) for a, b in _lines(text, start, end) if not text[a:b].lstrip(" \t").startswith(">")]
    closed = _letter_end(text, spans)
    return spans if closed is None else _drop(text, spans, *closed)


def _without_history(text: str) -> Span:
    """Return where the newest words begin and end; below a quote only if nothing stands above it."""
    headers = sorted(_headers(text))
    if not headers:
        return 0, len(text)
    begin, after, is_reply = headers[0]
    above = any(map(str.isalnum, text[:begin]))
    if is_reply and not above and ">" in text[after : after + 400]:
        return after, len(text)
    return 0, begin


def _forwarded(text: str) -> Span:
    headers = sorted(_headers(text))
    if not headers or headers[0][0] > _COVERING_NOTE:
        return _without_history(text)
    start = _FIELDS.match(text, text.find("\n", headers[0][0]) + 1 or len(text))
    begin = start.end() if start else headers[0][1]
    return begin, begin + _without_history(text[begin:])[1]


def _headers(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield the first header of each kind: where it begins and ends, and whether it introduces a reply."""
    patterns = _patterns()
    for match in patterns["wrote"].finditer(text):
        begin = _attribution_start(text, match.start())
        if begin is not None:
            yield begin, match.end(), True
            break
    for kind in ("separator", "block"):
        found = patterns[kind].search(text)
        if found:
            yield found.start(), found.end(), False


def _attribution_start(text: str, verb: int) -> int | None:
    """Return where "On 3 May … wrote:" begins, which may be one line up; None when it has no date or address."""
    line = text.rfind("\n", max(0, verb - 300), verb) + 1
    if _DATED.search(text, line, verb) or _DATED.search(text, verb, text.find("\n", verb) % (len(text) + 1)):
        return line
    above = text.rfind("\n", max(0, line - 200), max(0, line - 1)) + 1
    return above if line and _DATED.search(text, above, line) else None


def _without_footer(text: str, start: int, end: int) -> int:
    match = _patterns()["footer"].search(text, start, end)
    return match.start() if match else end


def _lines(text: str, start: int, end: int) -> Iterator[Span]:
    for match in _LINE.finditer(text, start, end):
        if match.group():
            yield match.span()


def _letter_end(text: str, spans: Sequence[Span]) -> Span | None:
    """Return where the letter is closed, and where a postscript goes on after it, or None."""
    if not spans:
        return None
    end = spans[-1][1]
    start = max(spans[0][0], end - _LETTER_END)
    for kind, lines, length in (("closing", _FOOTER_LINES, _FOOTER_LENGTH), ("thanks", _NAME_LINES, _NAME_LENGTH)):
        for match in _patterns()[kind].finditer(text, start, end):
            postscript = _POSTSCRIPT.search(text, match.end(), end)
            until = postscript.start() if postscript else end
            alone = kind == "thanks" and not any(map(str.isalnum, text[spans[0][0] : match.start()]))
            if not alone and _is_footer(text[match.end() : until], lines, length):
                return match.start(), until
    return None


def _is_footer(rest: str, lines: int, length: int) -> bool:
    if len(rest) > lines * (length + 2):
        return False
    filled = [line for line in rest.splitlines() if line.strip()]
    return len(filled) <= lines and all(len(line) <= length and "?" not in line for line in filled)


def _drop(text: str, spans: Sequence[Span], start: int, end: int) -> list[Span]:
    return [(a, b) for a, b in spans if b <= start or a >= end]
