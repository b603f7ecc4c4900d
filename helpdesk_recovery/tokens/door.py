"""The one door to python-jose, which is unsafe by default: here everything that it leaves open is pinned.

It reads the clock by itself, so its own checks of ``exp``, ``nbf`` and ``iat`` are off (and must not be required
either: requiring switches them on again). The times are checked here, against the clock that is passed in.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from jose import backends, jwk, jwt

from helpdesk_recovery.errors import ConfigurationInvalid
from helpdesk_recovery.tokens.bad import BadToken
from helpdesk_recovery.tokens.kind import TokenKind

MAX_LENGTH = 2048
MIN_SECRET_KEY = 32
_ALGORITHM = "HS256"
_HEADER = frozenset({"alg", "typ", "kid"})
_THREE_PARTS = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")
_OPTIONS = {
    **{f"require_{claim}": True for claim in ("aud", "iss", "sub", "jti")},
    **{f"verify_{claim}": False for claim in ("exp", "nbf", "iat")},
}


@dataclass(frozen=True, slots=True)
class Claims:
    """What a good token says. What must happen once only is keyed by ``token_id``."""

    subject: str
    token_id: str
    issued_at: datetime
    expires_at: datetime


class Door:
    """Makes and reads tokens of one *kind* under a key derived from *secret_key*.

    Raises ConfigurationInvalid when *secret_key* is shorter than 32 characters.
    """

    def __init__(self, secret_key: str, kind: TokenKind) -> None:
        require_cryptography(backends.HMACKey, backends.RSAKey)
        if len(secret_key) < MIN_SECRET_KEY:
            raise ConfigurationInvalid(f"HELPDESK_RECOVERY_SECRET_KEY needs at least {MIN_SECRET_KEY} characters.")
        info = f"helpdesk-recovery token {kind.name}".encode()
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret_key.encode())
        # A key object: python-jose would try to read a plain string as JSON, even to an empty key.
        self._key = jwk.construct(derived, _ALGORITHM)
        self._kind = kind

    def sign(self, subject: str, token_id: str, now: datetime, life: timedelta) -> str:
        """Return a new token, good from *now* for *life* (whole seconds); ValueError when that is too long."""
        seconds = int(life.total_seconds())
        if not 0 < seconds <= self._kind.max_life.total_seconds():
            raise ValueError(f"a token of kind {self._kind.name} lives at most {self._kind.max_life}")
        begins = int(now.timestamp())
        times = {"iat": begins, "nbf": begins, "exp": begins + seconds}
        names = {"iss": self._kind.issuer, "aud": self._kind.audience, "sub": subject, "jti": token_id}
        made: str = jwt.encode({**names, **times}, self._key, algorithm=_ALGORITHM, headers={"typ": self._kind.name})
        return made

    def verify(self, token: object, now: datetime) -> Claims:
        """Return what *token* says; raise BadToken, and nothing else whatever *token* is."""
        try:
            text = _shape(token)
            self._check_header(text)
            return self._claims(text, now.timestamp())
        except BadToken:
            raise
        except Exception:  # python-jose lets TypeError, RecursionError, UnicodeError and others escape
            raise BadToken("malformed") from None

    def _check_header(self, text: str) -> None:
        header = jwt.get_unverified_header(text)
        pinned = header.get("alg") == _ALGORITHM and header.get("typ") == self._kind.name
        if not pinned or not header.keys() <= _HEADER or not isinstance(header.get("kid", ""), str):
            raise BadToken("header")

    def _claims(self, text: str, now: float) -> Claims:
        kind = self._kind
        claims = jwt.decode(
            text, self._key, algorithms=[_ALGORITHM], audience=kind.audience, issuer=kind.issuer, options={**_OPTIONS}
        )
        if type(claims["aud"]) is not str or not claims["sub"] or not claims["jti"]:
            raise BadToken("claims")
        issued, expires = self._times(claims, now)
        return Claims(claims["sub"], claims["jti"], _instant(issued), _instant(expires))

    def _times(self, claims: dict[str, Any], now: float) -> tuple[int, int]:
        issued, begins, expires = (_whole(claims, name) for name in ("iat", "nbf", "exp"))
        if not 0 < expires - issued <= self._kind.max_life.total_seconds():
            raise BadToken("claims")
        if max(issued, begins) > now + self._kind.leeway.total_seconds():
            raise BadToken("early")
        if expires <= now:
            raise BadToken("expired")
        return issued, expires


def require_cryptography(*keys: type | None) -> None:
    """Raise ConfigurationInvalid unless all these key classes of python-jose are those over cryptography."""
    if any(key is None or key.__module__ != "jose.backends.cryptography_backend" for key in keys):
        raise ConfigurationInvalid(
            "python-jose runs on a slow, unsafe fallback. Install it with: pip install 'python-jose[cryptography]'"
        )


def _shape(token: object) -> str:
    """Bound the length before anything reads *token*, and take only the one canonical spelling of a token."""
    if not isinstance(token, str) or len(token) > MAX_LENGTH:
        raise BadToken("shape")
    parts = _THREE_PARTS.fullmatch(token)
    if parts is None or not all(map(_canonical, parts.groups())):
        raise BadToken("shape")
    return token


def _canonical(part: str) -> bool:
    """Refuse spare bits that decode to the same bytes: else one token could be written in several ways."""
    decoded = urlsafe_b64decode(part + "=" * (-len(part) % 4))
    return urlsafe_b64encode(decoded).rstrip(b"=") == part.encode()


def _whole(claims: dict[str, Any], name: str) -> int:
    value = claims.get(name)
    if type(value) is not int:  # a bool is an int to isinstance
        raise BadToken("claims")
    return value


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
