"""Assess one text: read it as a person would, tell its language, find what happened, judge."""

from __future__ import annotations

import re

from helpdesk_recovery.assess.body import read_body
from helpdesk_recovery.assess.judge import judge, not_scored
from helpdesk_recovery.assess.language import detect
from helpdesk_recovery.assess.pack import SCORED, load_pack
from helpdesk_recovery.assess.reading import Reading, read
from helpdesk_recovery.domain.assessment import Assessment, Language

_FORWARDED = re.compile(r"\s*(?:fwd?|vb|vs|wg|pd|persiųsta)\s*:", re.IGNORECASE)
NO_WORDS = "There are no words of the customer's own to read."
UNSURE = "The text is too short or too mixed to tell its language."


def assess_text(text: str, *, subject: str = "", locale: str | None = None) -> Assessment:
    """Assess a body as received, plain or HTML; quoted history and signature are not read.

    ``locale`` is the customer's BCP 47 tag, if known. Pure and deterministic; never raises. Offsets of the
    evidence are code points of *text*; evidence of the subject or of the message as a whole has both at 0.
    """
    return assess_message(text, subject=subject, locale=locale)[0]


def assess_message(
    text: str, *, subject: str = "", locale: str | None = None, html: bool | None = None
) -> tuple[Assessment, Reading | None]:
    """Assess *text*; also return the reading it rests on, None when the text is not scored."""
    body = read_body(text, html=html, forwarded=_FORWARDED.match(subject) is not None)
    language = detect(body.text if len(body.text) >= len(subject) else f"{body.text}\n{subject}", locale)
    if not any(map(str.isalpha, body.text)):
        return not_scored(language, NO_WORDS), None
    if language.code not in SCORED:
        return not_scored(language, _why(language)), None
    reading = read(body, subject, load_pack(language.code))
    return judge(reading, language, text), reading


def _why(language: Language) -> str:
    return UNSURE if language.code == "und" else f"We do not score '{language.code}' yet: a person decides."
