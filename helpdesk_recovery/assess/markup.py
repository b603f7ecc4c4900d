"""HTML to text that remembers where each character stood.

Written here because no parser we may use tells the source offset of text nodes; one pass, no backtracking.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from helpdesk_recovery.assess.mapped import Mapped, Piece

_TOKEN = re.compile(
    r"<!--|<[!?][^<>]{0,400}>"
    r"""|<(/?)([a-zA-Z][a-zA-Z0-9:]*)((?:[^<>"']++|"[^"]{0,4000}+"|'[^']{0,4000}+')*+)/?>"""
    r"|&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?"
)
_KNOWN = re.compile(
    r"</?(?:html|body|head|style|script|title|center|div|p|br|span|table|tr|td|blockquote|b|i|u|strong|em|a|ul|ol|li|font|h[1-6]|img|hr)"
    r"(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "br",
        "tr",
        "li",
        "ul",
        "ol",
        "table",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "blockquote",
        "section",
        "article",
    ]
)
_HIDDEN = frozenset(["script", "style", "head", "title", "template"])
_QUOTES = re.compile(r"gmail_quote|yahoo_quoted|moz-cite-prefix|protonmail_quote|gmail_attr|type=.?cite", re.I)
_HISTORY = re.compile(r"divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION", re.I)
_BLANKS = str.maketrans("\n\r\t\xa0", "    ")


def looks_like_html(text: str) -> bool:
    """Tell whether *text* holds at least one tag that mail programs write."""
    return "<" in text and _KNOWN.search(text) is not None


def html_to_text(source: str) -> Mapped:
    """Return what a reader of *source* sees, without what it quotes; offsets are those of *source*."""
    return Mapped.of(_pieces(source))


def _pieces(source: str) -> Iterator[Piece]:
    at = 0
    match = _TOKEN.search(source)
    while match:
        yield Piece.same(source[at : match.start()].translate(_BLANKS), at)
        text, at = _read_token(source, match)
        if text:
            yield Piece(text, match.start(), match.end())
        match = _TOKEN.search(source, at)
    yield Piece.same(source[at:].translate(_BLANKS), at)


def _read_token(source: str, match: re.Match[str]) -> tuple[str, int]:
    """Return what the tag or entity stands for, and where reading goes on."""
    token = match.group()
    if token[0] == "&":
        return html.unescape(token).translate(_BLANKS), match.end()
    if token == "<!--":  # noqa: S105
        return "", _after(source, "-->", match.end())
    tag = (match.group(2) or "").lower()
    return "\n" if tag in _BLOCKS else "", _skip(source, match, tag)


def _skip(source: str, match: re.Match[str], tag: str) -> int:
    if not tag or match.group(1) or match.group().endswith("/>"):
        return match.end()
    attributes = match.group(3)
    if _HISTORY.search(attributes):
        return len(source)
    if tag in _HIDDEN:
        return _after(source, f"</{tag}", match.end(), ">")
    if tag == "blockquote" or _QUOTES.search(attributes):
        return _end_of(source, tag, match.end())
    return match.end()


def _after(source: str, mark: str, start: int, close: str = "") -> int:
    """Return the offset after *mark*, whatever its case, or the end: browsers read an unclosed one to the end."""
    found = re.compile(re.escape(mark) + f"[^>]{{0,20}}{close}" if close else re.escape(mark), re.I)
    match = found.search(source, start)
    return match.end() if match else len(source)


def _end_of(source: str, tag: str, start: int) -> int:
    depth = 1
    for match in re.compile(rf"<(/?){re.escape(tag)}\b[^<>]{{0,4000}}>", re.I).finditer(source, start):
        depth += -1 if match.group(1) else 1
        if depth == 0:
            return match.end()
    return len(source)
