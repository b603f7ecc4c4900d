"""Which secrets are fit for use."""

from __future__ import annotations

import math
import secrets
from collections import Counter

MIN_LENGTH = 24
_MIN_BITS = 64.0

# Secrets that stand in vendors' documentation, tutorials and test suites: anybody can sign with them.
_PUBLIC = frozenset(
    {
        "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==",
        "this_secret_is_for_testing_only",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "It's a Secret to Everybody",
        "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
    }
)


def generate() -> str:
    """Return a new secret: 192 random bits, safe in a URL and in a shell."""
    return secrets.token_urlsafe(24)


def weakness(secret: str) -> str | None:
    """Say why *secret* must not be used, or return None when it is fit."""
    if not secret.strip():
        return "it is empty"
    if secret.strip() in _PUBLIC:
        return "it is publicly known (it stands in a vendor's documentation)"
    if len(secret) < MIN_LENGTH:
        return f"it is shorter than {MIN_LENGTH} characters"
    return "it is too easy to guess" if _bits(secret) < _MIN_BITS else None


def _bits(secret: str) -> float:
    counts = Counter(secret)
    total = len(secret)
    return -sum(n * math.log2(n / total) for n in counts.values())
