"""Strict JSON: plain UTF-8 JSON is read, everything that two parsers could read differently is not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_recovery.errors import Unreadable
from helpdesk_recovery.sdk import strict_json
from helpdesk_recovery.sdk.testing.hostile import hostile_bodies

GOOD = '{"id": 7, "text": "två gånger 😡", "tags": ["a"], "none": null}'.encode()

REFUSED = {
    "empty": (b"", "json"),
    "text": (b"hello", "json"),
    "form": (b"a=1&b=2", "json"),
    "truncated": (GOOD[:-1], "json"),
    "two documents": (GOOD + GOOD, "json"),
    "trailing comma": (b"[1,]", "json"),
    "comment": (b"[1] // one", "json"),
    "single quotes": (b"{'a': 1}", "json"),
    "control character in a string": (b'"a\x01b"', "json"),
    "byte order mark": (b"\xef\xbb\xbf{}", "bom"),
    "utf-16": ("{}".encode("utf-16"), "utf8"),
    "latin-1": ('"å"'.encode("latin-1"), "utf8"),
    "overlong utf-8": (b'"\xc0\xaf"', "utf8"),
    "surrogate in utf-8": (b'"\xed\xa0\x80"', "utf8"),
    "same key twice": (b'{"a": 1, "a": 1}', "duplicate_key"),
    "same key twice, once escaped": (b'{"a": 1, "\\u0061": 2}', "duplicate_key"),
    "same key twice, deep": (b'[[{"x": {"a": 1, "a": 2}}]]', "duplicate_key"),
    "NaN": (b"[NaN]", "number"),
    "Infinity": (b"[-Infinity]", "number"),
    "beyond a double": (b"[1e999]", "number"),
    "a very long integer": (b"9" * 101, "number"),
    "a very long fraction": (b"0." + b"1" * 101, "number"),
    "digits beyond what Python converts": (b"9" * 5000, "number"),
    "too deep": (b"[" * 65 + b"]" * 65, "depth"),
    "deep enough to end the parser": (b"[" * 200_000, "depth"),
    "deep objects": (b'{"a":' * 100_000, "depth"),
    "half a surrogate pair": (b'"\\ud83d"', "surrogate"),
    "halves the wrong way round": (b'"\\ude00\\ud83d"', "surrogate"),
    "half a surrogate pair in a key": (b'{"\\udc00": 1}', "surrogate"),
}


@pytest.mark.parametrize(("body", "reason"), REFUSED.values(), ids=REFUSED)
def test_refuses(body: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        strict_json(body)
    assert caught.value.reason == reason


def test_reads_plain_json() -> None:
    assert strict_json(GOOD) == {"id": 7, "text": "två gånger 😡", "tags": ["a"], "none": None}
    assert strict_json(b' \n[0, -1.5e3, true, "\\u00e5\\ud83d\\ude21"]\r\n') == [0, -1500.0, True, "å😡"]


def test_reads_as_deep_as_it_says_and_brackets_in_text_are_text() -> None:
    assert strict_json(b"[" * 64 + b"]" * 64)
    assert strict_json(b'"' + b"[" * 1000 + b'\\"' + b"{" * 1000 + b'"')


def test_nul_becomes_what_every_database_stores() -> None:
    assert strict_json(b'{"a\\u0000": ["\\u0000"]}') == {"a\ufffd": ["\ufffd"]}


def test_hostile_bodies_are_read_or_unreadable() -> None:
    refused = 0
    for body in hostile_bodies(GOOD):
        try:
            json.dumps(strict_json(body)).encode()
        except Unreadable:
            refused += 1
    assert refused >= 20


PLAIN = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**90), 10**90)
    | st.floats(allow_nan=False, allow_infinity=False)
    | PLAIN,
    lambda inner: st.lists(inner) | st.dictionaries(PLAIN, inner),
    max_leaves=20,
)


@given(JSON, st.booleans())
def test_what_json_writes_it_reads(value: object, escaped: bool) -> None:
    assert strict_json(json.dumps(value, ensure_ascii=escaped).encode()) == value


@given(st.binary())
def test_any_bytes_are_read_or_unreadable(body: bytes) -> None:
    try:
        strict_json(body)
    except Unreadable as problem:
        assert problem.reason != "error"
