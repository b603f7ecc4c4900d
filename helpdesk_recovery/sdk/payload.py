"""Strict JSON: what two parsers could read differently is refused."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from helpdesk_recovery.errors import Unreadable

MAX_DEPTH = 64
MAX_DIGITS = 100


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKET = re.compile(r"[\[{]|[\]}]")


def strict_json(body: bytes) -> Any:
    """Parse *body*; raise Unreadable, naming the reason, for anything but plain UTF-8 JSON.

    Refused: a byte order mark, invalid UTF-8, duplicate keys, NaN and Infinity, numbers of more than 100
    digits or beyond a double, nesting deeper than 64, lone surrogates. NUL characters become U+FFFD, which
    every database can store.
    """
    text = _decode(body)
    if _depth(text) > MAX_DEPTH:
        raise Unreadable(f"JSON is nested deeper than {MAX_DEPTH}", reason="depth")
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer, parse_float=_float
        )
    except ValueError as error:
        raise Unreadable(f"not JSON: {error}", reason="json") from None
    return _clean(value) if "\\u" in text else value


def _decode(body: bytes) -> str:
    if body.startswith(b"\xef\xbb\xbf"):
        raise Unreadable("begins with a byte order mark", reason="bom")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(f"not UTF-8 at byte {error.start}", reason="utf8") from None


def _depth(text: str) -> int:
    """Return how deep the nesting goes; brackets inside strings do not count."""
    deepest = depth = 0
    for bracket in _BRACKET.findall(_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise Unreadable("an object has the same key twice", reason="duplicate_key")
    return result


def _clean(value: Any) -> Any:
    """Replace NUL and refuse half surrogate pairs, which only escapes can bring in."""
    if isinstance(value, str):
        return _clean_text(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    if isinstance(value, dict):
        return {_clean_text(key): _clean(item) for key, item in value.items()}
    return value


def _clean_text(text: str) -> str:
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise Unreadable("a string has half a surrogate pair", reason="surrogate")
    return text.replace("\0", "\ufffd")


def _constant(name: str) -> NoReturn:
    raise Unreadable(f"{name} is not JSON", reason="number")


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise Unreadable("a number has more than 100 digits", reason="number")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if len(digits) > MAX_DIGITS or not math.isfinite(value):
        raise Unreadable("a number is too large", reason="number")
    return value
