"""What to call a person."""

from __future__ import annotations

import re

from helpdesk_recovery.wording.safe import plain
from helpdesk_recovery.wording.vocative import vocative

_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "herr", "fru", "hr", "pan", "paní", "ponas", "ponia"})
_NOT_PEOPLE = frozenset({
    "ab", "ltd", "limited", "inc", "llc", "plc", "gmbh", "aps", "as", "uab", "sro", "oy", "team", "support", "info",
    "admin", "root", "service", "kundservice", "kundeservice", "customer", "kund", "kunde", "user", "guest",
    "anonymous",
})  # fmt: skip
_NAME = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LONGEST = 30


def first_name(name: str | None) -> str | None:
    """Return the first name in *name* ("Berg, Malin", "Dr. Malin Berg", "malin"), or None when unsure of one."""
    words = _words(plain(name or "", 120))
    if not words or any(word.replace(".", "").lower() in _NOT_PEOPLE for word in words):
        return None
    first = words[0]
    if not _NAME.fullmatch(first) or not 2 <= len(first) <= _LONGEST:
        return None
    return first.title() if first.islower() or first.isupper() else first


def form_of_address(name: str | None, language: str) -> str | None:
    """Return the first name as it is written after a greeting in *language*, or None when unsure of that."""
    first = first_name(name)
    return vocative(first, language) if first else None


def _words(name: str) -> list[str]:
    last, comma, first = name.partition(",")
    words = f"{first} {last}".split() if comma and first.strip() else name.split()
    return [word for word in words if word.lower().rstrip(".") not in _TITLES and not _abbreviated(word)]


def _abbreviated(word: str) -> bool:
    return word.endswith(".") and word.count(".") == 1
