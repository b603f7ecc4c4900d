"""Checking and making signatures: plain functions over raw bytes, constant time, clock passed in.

Every ``verify_…`` raises DeliveryRejected and nothing else, whatever the headers hold. Its ``reason`` is one of
``unsigned`` (a header is missing), ``doubled`` (sent twice), ``malformed``, ``stale`` (outside the window),
``no_secret`` (we have none to check with) and ``wrong``. All refusals cost the same work: the MAC of the body is
computed even when it cannot match. Several live secrets allow rotation: any may match, all are compared.

Secrets are text. What was sent is compared in its encoded form, so a second spelling of a signature is refused.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import datetime

from helpdesk_recovery.domain.delivery import Delivery
from helpdesk_recovery.errors import ConfigurationInvalid
from helpdesk_recovery.sdk.frame import (
    WINDOW,
    Encode,
    any_matches,
    label_refusal,
    mac_of,
    plain_key,
    read_frame,
    refuse_unless,
    shape_refusal,
    time_refusal,
    usable_keys,
)

__all__ = [
    "STANDARD_HEADERS", "WINDOW", "base64_text", "hex_text", "sign_basic", "sign_body", "sign_standard",
    "sign_timestamped", "sign_token", "standard_key", "verify_basic", "verify_body", "verify_standard",
    "verify_timestamped", "verify_token",
]  # fmt: skip

STANDARD_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
_PREFIX = "whsec_"
_ID = re.compile(r"[\x21-\x2d\x2f-\x7e]{1,255}")  # visible, without "." since that separates the signed parts
_STANDARD_SIGNATURES = re.compile(r"[a-z0-9]+,[A-Za-z0-9+/=]+(?: [a-z0-9]+,[A-Za-z0-9+/=]+){0,15}")


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
        return plain_key(secret)
    text = secret.removeprefix(_PREFIX).rstrip("=")
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        key = b""
    if not key:
        raise ConfigurationInvalid("the secret begins with whsec_, so the rest must be base64; it is not")
    return key


def verify_standard(delivery: Delivery, secrets: Sequence[str], now: datetime) -> str:
    """Check a Standard Webhooks delivery and return its signed id."""
    (message_id, stamp, signatures), refusal = read_frame(delivery, STANDARD_HEADERS)
    refusal = (
        refusal
        or shape_refusal(message_id, _ID)
        or shape_refusal(signatures, _STANDARD_SIGNATURES)
        or time_refusal(stamp, now)
    )
    sent = [part[3:] for part in signatures.split(" ")[:16] if part.startswith("v1,")]
    prefix = f"{message_id}.{stamp}.".encode("utf-8", "replace")
    keys = usable_keys(secrets, standard_key)
    matched = any_matches(sent, keys, (prefix, delivery.body), "sha256", base64_text)
    refuse_unless(matched, refusal, bool(keys))
    return message_id


def sign_standard(secret: str, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the three Standard Webhooks headers; raise ConfigurationInvalid for a secret that is no secret."""
    stamp = str(int(at.timestamp()))
    prefix = f"{message_id}.{stamp}.".encode()
    signature = base64_text(mac_of(standard_key(secret), (prefix, body), "sha256"))
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
    (sent, stamp), refusal = read_frame(delivery, (signature, timestamp))
    refusal = refusal or label_refusal(sent, label) or time_refusal(stamp, now)
    parts = (f"{stamp}.".encode("utf-8", "replace"), delivery.body)
    keys = usable_keys(secrets, plain_key)
    matched = any_matches([sent.removeprefix(label)], keys, parts, "sha256", hex_text)
    refuse_unless(matched, refusal, bool(keys))


def sign_timestamped(
    secret: str, at: datetime, body: bytes, *, signature: str, timestamp: str, label: str = "sha256="
) -> dict[str, str]:
    """Return the two headers that :func:`verify_timestamped` accepts."""
    stamp = str(int(at.timestamp()))
    mac = mac_of(plain_key(secret), (f"{stamp}.".encode(), body), "sha256")
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
    (sent,), refusal = read_frame(delivery, (header,))
    refusal = refusal or label_refusal(sent, label)
    keys = usable_keys(secrets, plain_key)
    matched = any_matches([sent.removeprefix(label)], keys, (delivery.body,), algorithm, encode)
    refuse_unless(matched, refusal, bool(keys))


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
    return {header: label + encode(mac_of(plain_key(secret), (body,), algorithm))}


def verify_token(
    delivery: Delivery, secrets: Sequence[str], *, header: str = "authorization", scheme: str = "Bearer"
) -> None:
    """Check a secret sent as it is in *header*, after *scheme* and a blank unless *scheme* is empty.

    For helpdesks that cannot sign: it proves who called, not what was sent.
    """
    _same_secret(delivery, header, scheme, usable_keys(secrets, plain_key))


def sign_token(secret: str, *, header: str = "authorization", scheme: str = "Bearer") -> dict[str, str]:
    """Return the header that :func:`verify_token` accepts."""
    return {header: f"{scheme} {secret}".lstrip()}


def verify_basic(delivery: Delivery, secrets: Sequence[str], *, user: str) -> None:
    """Check HTTP Basic with *user* and the secret as password: what a URL ``https://user:secret@…`` sends."""
    expected = usable_keys(secrets, lambda secret: _basic(user, secret).encode("ascii"))
    _same_secret(delivery, "authorization", "Basic", expected)


def sign_basic(secret: str, *, user: str) -> dict[str, str]:
    """Return the header that :func:`verify_basic` accepts."""
    return {"authorization": f"Basic {_basic(user, secret)}"}


def _basic(user: str, secret: str) -> str:
    return base64_text(f"{user}:{secret}".encode("utf-8", "surrogatepass"))


def _same_secret(delivery: Delivery, header: str, scheme: str, expected: Sequence[bytes]) -> None:
    """Compare digests, so that not even the length of a secret shows in the time it takes."""
    (text,), refusal = read_frame(delivery, (header,))
    label = f"{scheme} " if scheme else ""
    refusal = refusal or label_refusal(text.lower(), label.lower())
    digest = hashlib.sha256(text[len(label) :].encode("utf-8", "replace")).digest()
    matched = False
    for value in expected or (b"",):
        matched |= hmac.compare_digest(hashlib.sha256(value).digest(), digest)
    refuse_unless(matched, refusal, bool(expected))
