"""Which secrets are fit for use."""

from __future__ import annotations

import base64
import binascii
import math
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

MIN_LENGTH = 24
_MIN_BITS = 64.0
_PREFIX = "whsec_"  # Standard Webhooks puts this before a base64 secret

# Secrets that stand in vendors' documentation, tutorials and test suites: anybody can sign with them.
_PUBLIC = frozenset(
    {
        "this_secret_is_for_testing_only",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
        "It's a Secret to Everybody",
    }
)


def generate() -> str:
    """Return a new secret: 192 random bits, safe in a URL and in a shell."""
    return secrets.token_urlsafe(24)


def weakness(secret: str) -> str | None:
    """Say why *secret* must not be used, or return None when it is fit."""
    secret = secret.strip()
    if not secret:
        return "it is empty"
    if any(form in _PUBLIC for form in _forms(secret)):
        return "it is publicly known (it stands in a vendor's documentation)"
    if len(secret.removeprefix(_PREFIX)) < MIN_LENGTH:
        return f"it is shorter than {MIN_LENGTH} characters"
    return "it is too easy to guess" if _bits(secret) < _MIN_BITS else None


def _forms(secret: str) -> Iterator[str]:
    """The same secret is written down plainly, with the prefix, and in base64."""
    bare = secret.removeprefix(_PREFIX)
    yield from (secret, bare)
    try:
        yield base64.b64decode(bare, validate=True).decode("ascii").strip()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return


def _bits(secret: str) -> float:
    """Estimate how hard *secret* is to guess: by its letters, and by its steps, which tells abc… and 123….

    What is repeated counts once.
    """
    once = secret.removeprefix(_PREFIX)
    once = once[: _period(once)]
    steps = [ord(right) - ord(left) for left, right in pairwise(once)]
    return min(_entropy(once), _entropy(steps))


def _period(text: str) -> int:
    """Return the length of the shortest beginning that *text* repeats, whole or cut off at its end."""
    return next(n for n in range(1, len(text) + 1) if text[n:] == text[: len(text) - n])


def _entropy(signs: Sequence[object]) -> float:
    total = len(signs)
    return -sum(n * math.log2(n / total) for n in Counter(signs).values())
