"""Checking and making signatures: plain functions over raw bytes, constant time, clock passed in.

Every ``verify_…`` raises DeliveryRejected and nothing else, whatever the headers hold. Its ``reason`` is one of
``unsigned`` (a header is missing), ``doubled`` (sent twice), ``malformed``, ``stale`` (outside the window),
``no_secret`` (we have none to check with) and ``wrong``. All refusals cost the same work: the MAC of the body is
computed even when it cannot match. Several live secrets allow rotation: any may match, all are compared.

Secrets are text. What was sent is compared in its encoded form, so a second spelling of a signature is refused.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from helpdesk_recovery.domain.delivery import Delivery
from helpdesk_recovery.errors import ConfigurationInvalid, DeliveryRejected

WINDOW = 300
"""Seconds that a signed timestamp may lie in the past or the future (Standard Webhooks, Stripe, Slack)."""

STANDARD_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
_PREFIX = "whsec_"
_MAX_HEADER = 2048
_VISIBLE = re.compile(r"[\x20-\x7e]+")
_ID = re.compile(r"[\x21-\x2d\x2f-\x7e]{1,255}")  # visible, without "." since that separates the signed parts
_STAMP = re.compile(r"[0-9]{1,12}")
_STANDARD_SIGNATURES = re.compile(r"[a-z0-9]+,[A-Za-z0-9+/=]+(?: [a-z0-9]+,[A-Za-z0-9+/=]+){0,15}")
_NOBODY = b"\0" * 32  # the key we spend the same work with when there is no secret

Encode = Callable[[bytes], str]


def hex_text(mac: bytes) -> str:
    """Encode in lower-case hexadecimal."""
    return mac.hex()


def base64_text(mac: bytes) -> str:
    """Encode in standard base64 with padding."""
    return base64.b64encode(mac).decode("ascii")


def standard_key(secret: str) -> bytes:
    """Return the key of a Standard Webhooks secret: ``whsec_`` + base64, or any other text as its UTF-8 bytes.

    Raise ConfigurationInvalid when what follows ``whsec_`` is not base64 (padding may be left out) or is empty.
    """
    if not secret.startswith(_PREFIX):
        return secret.encode("utf-8", "surrogatepass")
    text = secret.removeprefix(_PREFIX).rstrip("=")
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not key:
        raise ConfigurationInvalid("the secret begins with whsec_, so the rest must be base64; it is not")
    return key


def verify_standard(delivery: Delivery, secrets: Sequence[str], now: datetime) -> str:
    """Check a Standard Webhooks delivery and return its signed id."""
    names = STANDARD_HEADERS
    message_id, stamp, signatures = (_text(delivery, name) for name in names)
    refusal = (
        _frame(delivery, names)
        or _shape(message_id, _ID)
        or _shape(signatures, _STANDARD_SIGNATURES)
        or _time(stamp, now)
    )
    sent = [part[3:] for part in signatures.split(" ")[:16] if part.startswith("v1,")]
    prefix = f"{message_id}.{stamp}.".encode("utf-8", "replace")
    matched = _matches(sent, _keys(secrets, standard_key), (prefix, delivery.body), "sha256", base64_text)
    _refuse(refusal, secrets, matched)
    return message_id


def sign_standard(secret: str, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the three Standard Webhooks headers; raise ConfigurationInvalid for a secret that is no secret."""
    stamp = str(int(at.timestamp()))
    prefix = f"{message_id}.{stamp}.".encode()
    signature = base64_text(_mac(standard_key(secret), (prefix, body), "sha256"))
    return dict(zip(STANDARD_HEADERS, (message_id, stamp, f"v1,{signature}"), strict=True))


def verify_timestamped(
    delivery: Delivery,
    secrets: Sequence[str],
    now: datetime,
    *,
    signature: str,
    timestamp: str,
    label: str = "sha256=",
) -> None:
    """Check *label* + hex HMAC-SHA256 of ``timestamp.body``; *signature* and *timestamp* name the headers."""
    stamp, sent = _text(delivery, timestamp), _text(delivery, signature)
    refusal = _frame(delivery, (signature, timestamp)) or _label(sent, label) or _time(stamp, now)
    parts = (f"{stamp}.".encode("utf-8", "replace"), delivery.body)
    matched = _matches([sent.removeprefix(label)], _keys(secrets, _plain), parts, "sha256", hex_text)
    _refuse(refusal, secrets, matched)


def sign_timestamped(
    secret: str, at: datetime, body: bytes, *, signature: str, timestamp: str, label: str = "sha256="
) -> dict[str, str]:
    """Return the two headers that :func:`verify_timestamped` accepts."""
    stamp = str(int(at.timestamp()))
    mac = _mac(_plain(secret), (f"{stamp}.".encode(), body), "sha256")
    return {timestamp: stamp, signature: label + hex_text(mac)}


def verify_body(
    delivery: Delivery,
    secrets: Sequence[str],
    *,
    header: str,
    algorithm: str = "sha256",
    label: str = "",
    encode: Encode = hex_text,
) -> None:
    """Check *label* + HMAC of the body alone; *algorithm* is sha256 or sha1. Replay is for the dedupe keys."""
    sent = _text(delivery, header)
    refusal = _frame(delivery, (header,)) or _label(sent, label)
    keys = _keys(secrets, _plain)
    matched = _matches([sent.removeprefix(label)], keys, (delivery.body,), algorithm, encode)
    _refuse(refusal, secrets, matched)


def sign_body(
    secret: str,
    body: bytes,
    *,
    header: str,
    algorithm: str = "sha256",
    label: str = "",
    encode: Encode = hex_text,
) -> dict[str, str]:
    """Return the header that :func:`verify_body` accepts."""
    return {header: label + encode(_mac(_plain(secret), (body,), algorithm))}


def verify_token(
    delivery: Delivery, secrets: Sequence[str], *, header: str = "authorization", scheme: str = "Bearer"
) -> None:
    """Check a secret sent as it is in *header*, after *scheme* and a blank unless *scheme* is empty.

    For helpdesks that cannot sign: it proves who called, not what was sent.
    """
    _same_secret(delivery, header, scheme, [(secret, _plain(secret)) for secret in secrets])


def sign_token(secret: str, *, header: str = "authorization", scheme: str = "Bearer") -> dict[str, str]:
    """Return the header that :func:`verify_token` accepts."""
    return {header: f"{scheme} {secret}".lstrip()}


def verify_basic(delivery: Delivery, secrets: Sequence[str], *, user: str) -> None:
    """Check HTTP Basic with *user* and the secret as password: what a URL ``https://user:secret@…`` sends."""
    expected = [(secret, _basic(user, secret).encode("ascii")) for secret in secrets]
    _same_secret(delivery, "authorization", "Basic", expected)


def sign_basic(secret: str, *, user: str) -> dict[str, str]:
    """Return the header that :func:`verify_basic` accepts."""
    return {"authorization": f"Basic {_basic(user, secret)}"}


def _basic(user: str, secret: str) -> str:
    return base64_text(f"{user}:{secret}".encode("utf-8", "surrogatepass"))


def _same_secret(delivery: Delivery, header: str, scheme: str, expected: Iterable[tuple[str, bytes]]) -> None:
    """Compare digests, so that not even the length of a secret shows in the time it takes."""
    pairs = list(expected)
    text = _text(delivery, header)
    word, sent = text[: len(scheme)], text[len(scheme) :].lstrip(" ") if scheme else text
    refusal = _frame(delivery, (header,)) or ("malformed" if word.lower() != scheme.lower() else None)
    digest = hashlib.sha256(sent.encode("utf-8", "replace")).digest()
    matched = False
    for secret, value in pairs or [("", _NOBODY)]:
        same = hmac.compare_digest(hashlib.sha256(value).digest(), digest)
        matched |= same and bool(secret.strip())
    _refuse(refusal, [secret for secret, _ in pairs], matched)


def _text(delivery: Delivery, name: str) -> str:
    return (delivery.header(name) or "")[:_MAX_HEADER]


def _frame(delivery: Delivery, names: Sequence[str]) -> str | None:
    """Return why these headers are not each there once, in visible ASCII of at most 2048 characters."""
    found = [delivery.headers_named(name) for name in names]
    if not all(values and values[0] for values in found):
        return "unsigned"
    if any(len(values) > 1 for values in found):
        return "doubled"
    sound = all(len(v[0]) <= _MAX_HEADER and _VISIBLE.fullmatch(v[0]) for v in found)
    return None if sound else "malformed"


def _shape(text: str, pattern: re.Pattern[str]) -> str | None:
    return None if pattern.fullmatch(text) else "malformed"


def _label(text: str, label: str) -> str | None:
    return None if text.startswith(label) else "malformed"


def _time(stamp: str, now: datetime) -> str | None:
    if not _STAMP.fullmatch(stamp):
        return "malformed"
    return "stale" if abs(now.timestamp() - int(stamp)) > WINDOW else None


def _plain(secret: str) -> bytes:
    return secret.encode("utf-8", "surrogatepass")


def _keys(secrets: Sequence[str], key_of: Callable[[str], bytes]) -> list[bytes]:
    """Return the usable keys; an empty or broken secret is none, since anybody could sign with it."""
    keys = []
    for secret in secrets:
        try:
            keys.append(key_of(secret) if secret.strip() else b"")
        except ConfigurationInvalid:
            continue
    return [key for key in keys if key]


def _mac(key: bytes, parts: Iterable[bytes], algorithm: str) -> bytes:
    mac = hmac.new(key, digestmod=algorithm)
    for part in parts:
        mac.update(part)
    return mac.digest()


def _matches(
    sent: Sequence[str], keys: Sequence[bytes], parts: Sequence[bytes], algorithm: str, encode: Encode
) -> bool:
    matched = False
    for key in keys or (_NOBODY,):
        expected = encode(_mac(key, parts, algorithm)).encode("ascii")
        for text in sent:
            matched |= hmac.compare_digest(expected, text.encode("utf-8", "replace"))
    return matched and bool(keys)


def _refuse(refusal: str | None, secrets: Sequence[str], matched: bool) -> None:
    """Raise DeliveryRejected unless the frame is sound and a secret matched."""
    if refusal is None and not any(secret.strip() for secret in secrets):
        refusal = "no_secret"
    if refusal is None and not matched:
        refusal = "wrong"
    if refusal is not None:
        raise DeliveryRejected(f"the signature is refused: {refusal}", reason=refusal)
