"""What an attacker, a broken proxy or a helpdesk's next version may send."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

_ANYTHING = (
    "", " ", "\t", "\0", ",", ",,", ".", "..", "=", "==", "v1", "v1,", ",v1", "v1,,", "v1, ", "v1,=", "v1,%%%",
    "v1,a,b", "v1,AAAA  v1,BBBB", "v2,AAAA", "v1a,AAAA", "V1,AAAA", "sha256", "sha256=", "sha256==", "sha256=zz",
    "sha1=00", "sha512=00", "sha256=" + "0" * 64, "0" * 64, "f" * 64, "0", "-1", "+1", "1.5", "1e9", "1_000_000_000",
    "0x5f5e100", "nan", "inf", "-inf", "9" * 12, "9" * 400, "９９９９", "١٢٣", "null", "None", "true", "[]", "{}",
    "Basic", "Basic ", "Basic %%%", "Basic Og==", "Basic OjpKOg==", "Bearer", "Bearer ", "Bearer null",
    "Digest username=x", "ü", "é" * 50, "签名", "\U0001f4a9",
    "\udcff\udcfe", "\ud800", "a\udc80", "\x7f", "\x1b[31m", "x" * 65536, "%s%n", "' OR 1=1 --", "../../etc/passwd",
    "\ufeff",
)  # fmt: skip
"""Values that no scheme may accept, and that must not trip one: lone surrogates are bytes beyond UTF-8."""

_VALUES: tuple[Any, ...] = (
    None, True, -1, 10**99, 1e300, "", " ", "x", "9" * 200, "\ufffd", "x" * 5000, [], {}, [None], {"id": None},
    "never.heard.of.it", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-30T00:00:00Z",
    "2026-11-21T10:00:00", 10**18,
)  # fmt: skip


def hostile_values(good: str) -> list[str]:
    """Return at least 60 values, none of them *good*, that its header must be refused with."""
    near = [
        good[:-1], good[1:], good[: len(good) // 2], good[::-1], good + "A", good + "=", good + ".9", good + "_",
        good + ";", good + "\0", good + "\n", good + "\r\nx: y", "x" + good, "+" + good, "-" + good, '"' + good + '"',
        f"{good},{good}", good + "\udcff",
        good.translate({code: code + 0xFEE0 for code in range(0x30, 0x3A)}),
    ]  # fmt: skip
    return [value for value in (*near, *_ANYTHING) if value != good]


def hostile_bodies(good: bytes) -> Iterator[bytes]:
    """Yield bodies that are no JSON, or JSON of a kind that parsers read differently."""
    yield from (
        b"",
        b" ",
        b"\0",
        b"null",
        b"[]",
        b'""',
        b"0",
        b"{}",
        b"{",
        b"[1,",
        b"true",
        b"NaN",
        b'{"a":NaN}',
        b"a=b&c=d",
    )
    yield from (b"\xef\xbb\xbf" + good, b"\xff" + good, good + good, b"[" + good + b"]", good + b"x", b'"' + good)
    yield from (good[: len(good) * part // 8] for part in range(1, 8))
    yield from (
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 65 + b"]" * 65,
        b'{"id":' + b"9" * 5000 + b"}",
        b'{"id":1e999}',
    )
    yield good.replace(b'":', b'":{"deep":' + b"[" * 70, 1)
    if good.startswith(b"{"):
        yield b'{"type":1,"type":2,' + good[1:]
        yield b'{"x":"\\ud800",' + good[1:]
        yield b'{"x":"\\u0000",' + good[1:]


def hostile_documents(good: Any) -> Iterator[Any]:
    """Yield *good* with each of its values, in turn, missing or replaced by something of the wrong kind."""
    for path in paths_of(good):
        yield without(good, path)
        for value in _VALUES:
            yield replaced(good, path, value)


def grown(good: Any, count: int = 1000) -> Any:
    """Return *good* with every list of objects repeated to *count* items."""
    if isinstance(good, dict):
        return {key: grown(item, count) for key, item in good.items()}
    if isinstance(good, list) and good and isinstance(good[0], dict):
        return [good[index % len(good)] for index in range(count)]
    return good


def widened(good: Any) -> Any:
    """Return *good* with fields that nobody has heard of in every object."""
    if isinstance(good, dict):
        return {**{key: widened(item) for key, item in good.items()}, "added_in_version_99": {"x": [1, None]}}
    return [widened(item) for item in good] if isinstance(good, list) else good


def paths_of(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of every value inside *value*, outer ones first."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in children:
        yield (*here, key)
        yield from paths_of(item, (*here, key))


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    """Return *document* with *value* at *path*; only what lies along the path is copied."""
    if not path:
        return value
    result = copy.copy(document)
    result[path[0]] = replaced(document[path[0]], path[1:], value)
    return result


def without(document: Any, path: tuple[Any, ...]) -> Any:
    """Return *document* with nothing at *path*."""
    result = copy.copy(document)
    if len(path) == 1:
        del result[path[0]]
    else:
        result[path[0]] = without(document[path[0]], path[1:])
    return result


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.sampled_from(_VALUES),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@st.composite
def mutated(draw: st.DrawFn, good: Any) -> bytes:
    """Draw the JSON of *good* with one to four of its values replaced by anything."""
    document = good
    for _ in range(draw(st.integers(1, 4))):
        paths = list(paths_of(document))
        if paths:
            document = replaced(document, draw(st.sampled_from(paths)), draw(_JSON))
    return json.dumps(document).encode()
