"""Making text that strangers wrote harmless before it goes into a note.

A note passes through template engines, Markdown and mail on its way to the agent; django-helpdesk renders what
we post as a template. So nothing is escaped that another layer may unescape: signs with power are replaced by
signs that look alike or are left out.
"""

from __future__ import annotations

import re
import unicodedata

_ALIKE = str.maketrans({
    "<": "‹", ">": "›", "{": "(", "}": ")", "[": "(", "]": ")", "`": "'", "_": " ", "|": " ",
    "*": None, "\\": None, "“": "'", "”": "'", "„": "'", '"': "'", "«": "'", "»": "'",
})  # fmt: skip
_ADDRESS = re.compile(r"(?i)\b(?:[a-z][a-z0-9+.-]{1,15}://|(?:javascript|vbscript|data|mailto):(?=\S)|www\.)\S*")
_COMMAND = re.compile(r"(?<![\w/#@!~=+-])[/#@!~=+-]++(?=[^\W\d])")  # never from inside a run: that would be quadratic
_ENTITY = re.compile(r"&(?=#?\w{1,40};)")
_REFERENCE = re.compile(r"(?i)(hr)[-‐-―−](?=\w)")
_NUMBER = r"\d(?:[\d\s.,:']{0,20}\d)?"
_CURRENCY = (
    r"(?:[€£$¥]|(?:eur\w{0,4}|usd|gbp|sek|dkk|czk|nok|kr|kron\w{0,3}|kč|kc|korun\w{0,2}|pounds?|dollars?|quid)\b\.?)"
)
_AMOUNT = re.compile(
    rf"(?i)(?<!\w){_CURRENCY}\s?{_NUMBER}|{_NUMBER}(?:,-|:-|k|\s?tis\.?|\s?tūkst\.?|\s?tusen)?\s?{_CURRENCY}|{_NUMBER}[,:]-"
)
_INVISIBLE = frozenset({"Cf", "Cc", "Cs", "Co", "Cn"})
_READ_AT_MOST = 20_000


def plain(text: str, limit: int) -> str:
    """Return *text* as one harmless line of at most *limit* characters, cut at a word with "…".

    Invisible and direction-changing characters, markup, templates, web addresses, commands and anything that
    looks like our reference lose their power.
    """
    line = " ".join(_visible(text[:_READ_AT_MOST]).split())
    line = _ADDRESS.sub("…", line.translate(_ALIKE))
    line = _REFERENCE.sub(r"\1 ", _COMMAND.sub("", _ENTITY.sub("& ", line)))
    return _cut(" ".join(line.split()), limit)


def without_amounts(text: str) -> str:
    """Return *text* with every sum of money left out as "…": a grave case shows none."""
    return " ".join(_AMOUNT.sub("… ", text).split())


def _visible(text: str) -> str:
    normal = unicodedata.normalize("NFC", text)
    return "".join(_seen(char) for char in normal)


def _seen(char: str) -> str:
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) in _INVISIBLE else char


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    at_word = head.rsplit(" ", 1)[0] if " " in head and text[limit - 1] != " " else head
    return at_word.rstrip(" ,.;:-–") + "…"
