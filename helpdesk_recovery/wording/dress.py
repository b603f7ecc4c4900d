"""The two dresses of a note: plain text, and the same lines as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import nh3

_TAGS = {"p", "b", "br"}


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One line of a note: a lead, which HTML shows in bold, and what it says. ``before`` stands before the lead."""

    lead: str
    body: str
    before: str = ""


Paragraphs = Sequence[Sequence[NoteLine]]


def as_text(paragraphs: Paragraphs) -> str:
    """Return the lines, one under the other."""
    return "\n".join(f"{line.before}{line.lead} {line.body}" for lines in paragraphs for line in lines)


def as_html(paragraphs: Paragraphs) -> str:
    """Return one ``<p>`` a paragraph, with ``<b>`` and ``<br>`` and no other tag."""
    html = "\n".join(f"<p>{'<br>'.join(map(_html_line, lines))}</p>" for lines in paragraphs if lines)
    return nh3.clean(html, tags=_TAGS, attributes={})


def _html_line(line: NoteLine) -> str:
    return f"{escape(line.before)}<b>{escape(line.lead)}</b> {escape(line.body)}"
