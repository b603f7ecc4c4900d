"""A body as received, read as a person would: what the customer wrote now, with the way back to the source."""

from __future__ import annotations

import re

from helpdesk_recovery.assess.mapped import Mapped
from helpdesk_recovery.assess.markup import html_to_text, looks_like_html
from helpdesk_recovery.assess.reply import Span, own_words

LIMIT = 20_000
_TAIL = 5_000
_RAW_LIMIT = 200_000  # of what a body may carry around its words: markup and history
_RAW_TAIL = 40_000

# Invisible: controls, soft hyphen, zero width, bidi marks, byte order mark; then blanks and empty lines in a row.
_DROPPED = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+"
    r"|(?<=[ \t\xa0])[ \t\xa0]+|(?<=\n\n)\n+"
)


def read_body(source: str, *, html: bool | None = None, forwarded: bool = False) -> Mapped:
    """Return the newest words of *source*, at most LIMIT characters; *html* None means: look."""
    if len(source) > _RAW_LIMIT:
        return _shifted(source, html, forwarded)
    is_html = looks_like_html(source) if html is None else html
    text = html_to_text(source) if is_html else Mapped.whole(source)
    text = _without(text, _DROPPED)
    text = text.keep(own_words(text.text, forwarded=forwarded))
    return _trimmed(text.keep(_window(len(text.text), LIMIT, _TAIL)))


def _shifted(source: str, html: bool | None, forwarded: bool) -> Mapped:
    """Read head and tail of an enormous body as one; a blank line stands for what is left out."""
    cut = len(source) - _RAW_TAIL
    head = _RAW_LIMIT - _RAW_TAIL - 2
    read = read_body(source[:head] + "\n\n" + source[cut:], html=html, forwarded=forwarded)
    gap = cut - head - 2
    starts = [at if at < head else at + gap for at in read.starts]
    return Mapped(read.text, starts, [at if at <= head else at + gap for at in read.ends])


def _without(text: Mapped, pattern: re.Pattern[str]) -> Mapped:
    kept: list[Span] = []
    at = 0
    for match in pattern.finditer(text.text):
        kept.append((at, match.start()))
        at = match.end()
    return text.keep([*kept, (at, len(text.text))])


def _window(size: int, limit: int, tail: int) -> list[Span]:
    return [(0, size)] if size <= limit else [(0, limit - tail), (size - tail, size)]


def _trimmed(text: Mapped) -> Mapped:
    start = len(text.text) - len(text.text.lstrip())
    return text.keep([(start, max(start, len(text.text.rstrip())))])
