"""Which language a text is in, by py3langid and, for short texts, by the customer's locale."""

from __future__ import annotations

from functools import cache
from typing import Any

from helpdesk_recovery.domain.assessment import Language

LANGUAGES = (
    "en", "sv", "da", "lt", "cs", "de", "fr", "es", "it", "nl", "pl", "pt", "no", "fi", "et", "lv", "sk",
)  # fmt: skip
_SHORT = 20  # letters; below this the locale knows better (measured: 4 words are told right in 96 %)
_READ = 300  # characters are enough; more only costs time
_UNSURE = 0.2
_SAME = {"nb": "no", "nn": "no"}


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # numpy and a second: paid by the first text

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier


def detect(text: str, locale: str | None = None) -> Language:
    """Return the language of *text*; *locale* is a BCP 47 tag, believed where the text is short."""
    prior = _code(locale)
    letters = sum(map(str.isalpha, text[:_READ]))
    if letters == 0:
        return Language(prior or "und", 0.0)
    if letters < _SHORT and prior:
        return Language(prior, 0.6)
    return _best(_ranks(text), prior)


def _code(locale: str | None) -> str | None:
    code = (locale or "").replace("_", "-").split("-")[0].strip().lower()
    code = _SAME.get(code, code)
    return code if code in LANGUAGES else None


def _ranks(text: str) -> dict[str, float]:
    sample = text[:_READ]
    if sum(map(str.isupper, sample)) * 2 > sum(map(str.isalpha, sample)):
        sample = sample.lower()
    return dict(_identifier().rank(sample.encode("utf-8", "replace").decode("utf-8")))


def _best(ranks: dict[str, float], prior: str | None) -> Language:
    if prior:
        ranks[prior] *= 2
    code = max(ranks, key=lambda language: ranks[language])
    confidence = ranks[code] / sum(ranks.values())
    return Language("und", confidence) if confidence < _UNSURE else Language(code, confidence)
