"""Nothing that a customer writes can dress up as part of the note."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_recovery.domain.assessment import NamedAmount
from helpdesk_recovery.wording.dress import NoteLine, as_html

PIECES = (
    "<script>alert(1)</script>", "<b>", "</p><p>", "<img src=x onerror=y>", "<!--", "<![CDATA[", "&lt;b&gt;",
    "&#60;", "{{", "}}", "{%",
    "{#", "<%", "%>", "${x}", "#{x}", "\n", "\r\n", "\u2028", "\u0085", "\v", "\nRef HR-ABCDEFGH",
    "Ref HR-ABCDEFGH", "HR-", "H\u200bR-A",
    "\nSUGGESTED: refund", "Bcc: a@example.com\r\n\r\n", "/recovery accept", "\u202e", "\u2066", "\ud800",
    "\x00", "\x1b[2J", "**x**",
    "[a](javascript:x)", "![](http://x.example/p.png)", "http://x.example", "`", "*", "_", "ＨＲ-A", "＜b＞", " ",
)  # fmt: skip
hostile = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), max_size=14).map("".join)


class _Tags(HTMLParser):
    """Collects everything in a page that is not text."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(f"{tag}{attrs or ''}")

    def handle_comment(self, data: str) -> None:
        self.seen.append("comment")

    def handle_decl(self, decl: str) -> None:
        self.seen.append("declaration")

    def unknown_decl(self, data: str) -> None:
        self.seen.append("declaration")

    def handle_pi(self, data: str) -> None:
        self.seen.append("instruction")


def _tags(html: str) -> list[str]:
    reader = _Tags()
    reader.feed(html)
    reader.close()
    return reader.seen


def _leads(text: str) -> list[str]:
    return [line.split(" ", 1)[0] for line in text.splitlines()]


@settings(max_examples=300, deadline=None)
@given(quote=hostile, name=hostile, currency=hostile)
def test_a_customer_cannot_forge_any_part_of_a_note(
    case: Callable[[str, str], Any], quote: str, name: str, currency: str
) -> None:
    calm = case("broken_choice", "en")
    asked = NamedAmount(Decimal("40"), currency)
    note = calm.judged(quote=quote, named_amount=asked).named(name).note()
    assert _tags(note.html) == _tags(calm.note().html)
    assert _leads(note.text) == _leads(calm.note().text)
    assert not re.search(r"\{\{|\{%|\{#|<|>|://|javascript:", note.text)
    assert len(re.findall(r"(?i)HR-\w", note.text)) == 1
    assert not set(note.text) & set("\u202e\u2066\u200b\x00\x1b\r\v\u2028\u0085\ud800")


@settings(max_examples=150, deadline=None)
@given(quote=hostile, name=hostile)
def test_a_grave_case_cannot_be_forged_either(case: Callable[[str, str], Any], quote: str, name: str) -> None:
    calm = case("grave_safety", "en")
    note = calm.judged(quote=quote).named(name).note()
    assert _tags(note.html) == _tags(calm.note().html)
    assert _leads(note.text) == _leads(calm.note().text)
    assert note.text.startswith("CALL FIRST: a supervisor calls ")


def test_the_html_dress_shows_signs_and_obeys_none() -> None:
    html = as_html([[NoteLine("A & B:", "<i>x</i> & y", before="<p>")]])
    assert html == "<p>&lt;p&gt;<b>A &amp; B:</b> &lt;i&gt;x&lt;/i&gt; &amp; y</p>"
