"""A forge: makes tokens with any header, any claims and any key, as an attacker or a broken peer would."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from helpdesk_recovery.tokens.door import Door
from helpdesk_recovery.tokens.kind import TokenKind

SECRET_KEY = "a-secret-key-for-tests-0123456789-abcdefgh"
KIND = TokenKind("test+jwt", "the/audience", timedelta(hours=1))
NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
SECONDS = int(NOW.timestamp())


def derived(secret_key: str, kind: str) -> bytes:
    info = f"helpdesk-recovery token {kind}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret_key.encode())


def encoded(part: object) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class Forge:
    """A good token, except for what is asked to be different."""

    now = NOW
    seconds = SECONDS
    secret_key = SECRET_KEY
    kind = KIND
    key = derived(SECRET_KEY, KIND.name)

    def door(self) -> Door:
        return Door(SECRET_KEY, KIND)

    def key_of(self, kind: str) -> bytes:
        return derived(SECRET_KEY, kind)

    def header(self, **changes: object) -> dict[str, object]:
        return {"alg": "HS256", "typ": KIND.name, **changes}

    def claims(self, without: str = "", **changes: object) -> dict[str, object]:
        good = {
            "iss": KIND.issuer,
            "aud": KIND.audience,
            "sub": "acct_1",
            "jti": "tok_1",
            "iat": SECONDS,
            "nbf": SECONDS,
            "exp": SECONDS + 60,
        }
        return {name: value for name, value in {**good, **changes}.items() if name != without}

    def token(
        self,
        header: object = None,
        claims: object = None,
        key: bytes | None = None,
        digest: Callable[..., Any] = hashlib.sha256,
    ) -> str:
        signed = encoded(header or self.header()) + "." + encoded(claims or self.claims())
        mac = hmac.new(self.key if key is None else key, signed.encode(), digest).digest()
        return f"{signed}.{encoded(mac)}"


@pytest.fixture(scope="session")
def forge() -> Forge:
    return Forge()
