"""The checks that every family of signatures shares; each refusal is one of the words of ``sdk.signatures``."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from helpdesk_recovery.domain.delivery import Delivery
from helpdesk_recovery.errors import ConfigurationInvalid, DeliveryRejected

WINDOW = 300
"""Seconds that a signed timestamp may lie in the past or the future (Standard Webhooks, Stripe, Slack)."""

_MAX_HEADER = 2048
_VISIBLE = re.compile(r"[\x20-\x7e]+")
_STAMP = re.compile(r"[0-9]{1,12}")
_NOBODY = b"\0" * 32  # the key we spend the same work with when there is no secret

Encode = Callable[[bytes], str]


def read_frame(delivery: Delivery, names: Sequence[str]) -> tuple[list[str], str | None]:
    """Return the first value of each header, and why they are not each there once in visible ASCII.

    A value is cut to 2048 characters, which is the most there may be, and empty when there is none.
    """
    found: dict[str, list[str]] = {name: [] for name in names}
    for name, value in delivery.headers:
        if name in found:
            found[name].append(value)
    sent = list(found.values())
    return [values[0][:_MAX_HEADER] if values else "" for values in sent], _frame_refusal(sent)


def _frame_refusal(sent: Sequence[Sequence[str]]) -> str | None:
    if not all([values and values[0] for values in sent]):
        return "unsigned"
    if any([len(values) > 1 for values in sent]):
        return "doubled"
    sound = all([len(values[0]) <= _MAX_HEADER and _VISIBLE.fullmatch(values[0]) for values in sent])
    return None if sound else "malformed"


def shape_refusal(text: str, pattern: re.Pattern[str]) -> str | None:
    """Return "malformed" unless the whole of *text* has this shape."""
    return None if pattern.fullmatch(text) else "malformed"


def label_refusal(text: str, label: str) -> str | None:
    """Return "malformed" unless *text* begins with *label*."""
    return None if text.startswith(label) else "malformed"


def time_refusal(stamp: str, now: datetime) -> str | None:
    """Return why *stamp*, in digits the seconds since 1970, is not within the window around *now*."""
    if not _STAMP.fullmatch(stamp):
        return "malformed"
    return "stale" if abs(now.timestamp() - int(stamp)) > WINDOW else None


def plain_key(secret: str) -> bytes:
    """Return the UTF-8 bytes of *secret*."""
    return secret.encode("utf-8", "surrogatepass")


def usable_keys(secrets: Sequence[str], key_of: Callable[[str], bytes]) -> list[bytes]:
    """Return the usable keys; an empty or broken secret is none, since anybody could sign with it."""
    keys = []
    for secret in secrets:
        try:
            keys.append(key_of(secret) if secret.strip() else b"")
        except ConfigurationInvalid:
            continue
    return [key for key in keys if key]


def mac_of(key: bytes, parts: Iterable[bytes], algorithm: str) -> bytes:
    """Return the HMAC over *parts*, one after the other."""
    return hmac.digest(key, b"".join(parts), algorithm)


def any_matches(
    sent: Sequence[str], keys: Sequence[bytes], parts: Sequence[bytes], algorithm: str, encode: Encode
) -> bool:
    """Tell whether one of the encoded MACs in *sent* is right under one of *keys*; none cost the same work."""
    matched = False
    for key in keys or (_NOBODY,):
        expected = encode(mac_of(key, parts, algorithm)).encode("ascii")
        for text in sent:
            matched |= hmac.compare_digest(expected, text.encode("utf-8", "replace"))
    return matched and bool(keys)


def refuse_unless(matched: bool, refusal: str | None, has_key: bool) -> None:
    """Raise DeliveryRejected unless there is no *refusal* yet, we have a key, and it *matched*."""
    if refusal is None and not has_key:
        refusal = "no_secret"
    if refusal is None and not matched:
        refusal = "wrong"
    if refusal is not None:
        raise DeliveryRejected(f"the signature is refused: {refusal}", reason=refusal)
