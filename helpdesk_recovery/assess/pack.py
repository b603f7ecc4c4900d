"""A language pack: one TOML file with the phrases of one language, checked when it is read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from helpdesk_recovery.assess.happening import happenings
from helpdesk_recovery.assess.lexicon import Entry, Lexicon
from helpdesk_recovery.assess.phrase import parse_phrase
from helpdesk_recovery.assess.words import normalise
from helpdesk_recovery.domain.assessment import ATTRIBUTIONS, REQUESTED_REMEDIES, SIGNALS, Category
from helpdesk_recovery.errors import ConfigurationInvalid

SCORED = ("en", "sv", "da", "lt", "cs")

# The tables of phrases, and the codes that each may hold.
TONES = ("annoyed", "angry", "abusive")
SAID = ("reproach", "friction", "praise", "thanks", "solved", "question", "own_fault", "not_a_complaint")
WORSE = ("repeated", "occasion", "livelihood")
GUARDS = ("negation", "hypothetical", "deadline", "since", "figurative")
UNITS = ("hour", "day", "week", "month", "weekday", "month_name")


@dataclass(frozen=True, slots=True)
class Pack:
    """What we know of one language; ``numbers`` are number words by value, ``kr`` is what "kr" means there."""

    language: str
    name: str
    fold: bool
    kr: str
    numbers: Mapping[str, float]
    lexicon: Lexicon


@cache
def load_pack(language: str) -> Pack:
    """Return the pack of *language*, one of SCORED, read once. Raise ConfigurationInvalid when it is wrong."""
    name = f"packs/{language}.toml"
    return read_pack(files("helpdesk_recovery.assess").joinpath(name).read_text("utf-8"), name)


def read_pack(source: str, file: str) -> Pack:
    """Read and check a pack. Raise ConfigurationInvalid naming *file*, the key and what to do."""
    try:
        data = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationInvalid(f"{file} is not TOML: {error}.") from error
    shape = _shape()
    _check_tables(data, shape, file)
    fold = _plain(data, "fold", bool, file)
    numbers = {normalise(word, fold): float(value) for word, value in _numbers(data, file)}
    entries = [entry for table in shape for entry in _entries(data, table, shape[table], fold, file)]
    texts = [_plain(data, key, str, file) for key in ("language", "name", "kr")]
    return Pack(texts[0], texts[1], fold, texts[2], numbers, Lexicon(entries, numbers))


def _shape() -> Mapping[str, tuple[str, ...]]:
    return {
        "happened": tuple(happenings()),
        "tone": TONES,
        "signal": SIGNALS,
        "remedy": REQUESTED_REMEDIES,
        "attribution": ATTRIBUTIONS,
        "topic": tuple(code.value for code in Category),
        "said": SAID,
        "worse": WORSE,
        "guard": GUARDS,
        "unit": UNITS,
    }


def _check_tables(data: Mapping[str, Any], shape: Mapping[str, Any], file: str) -> None:
    known = {*shape, "language", "name", "fold", "kr", "numbers"}
    for key in data:
        if key not in known:
            raise ConfigurationInvalid(f"{file}: [{key}] is not known. Use one of {', '.join(sorted(known))}.")
    for table in shape:
        if not isinstance(data.get(table), dict):
            raise ConfigurationInvalid(f"{file}: the table [{table}] is missing.")


def _plain(data: Mapping[str, Any], key: str, kind: type[Any], file: str) -> Any:
    value = data.get(key)
    if not isinstance(value, kind):
        raise ConfigurationInvalid(f"{file}: {key} must be a {kind.__name__}, at the top of the file.")
    return value


def _numbers(data: Mapping[str, Any], file: str) -> Iterator[tuple[str, float]]:
    for word, value in _plain(data, "numbers", dict, file).items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ConfigurationInvalid(f"{file}: [numbers] {word} must be a number.")
        yield word, value


def _entries(data: Mapping[str, Any], table: str, codes: tuple[str, ...], fold: bool, file: str) -> Iterator[Entry]:
    for code, phrases in data[table].items():
        where = f"{file}: [{table}] {code}"
        if code not in codes:
            raise ConfigurationInvalid(f"{where} is not a known code. Use one of {', '.join(codes)}.")
        if not isinstance(phrases, list):
            raise ConfigurationInvalid(f"{where} must be a list of phrases.")
        for phrase in phrases:
            yield _entry(table, code, phrase, fold, where)


def _entry(table: str, code: str, phrase: object, fold: bool, where: str) -> Entry:
    if not isinstance(phrase, str):
        raise ConfigurationInvalid(f"{where}: {phrase!r} must be a phrase in quotes.")
    try:
        return Entry(table, code, parse_phrase(phrase, fold))
    except ValueError as error:
        raise ConfigurationInvalid(f'{where}: "{phrase}" {error}.') from error
