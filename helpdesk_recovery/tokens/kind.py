"""Kinds of tokens: one kind is never good where another is expected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

ISSUER = "helpdesk-recovery"


@dataclass(frozen=True, slots=True)
class TokenKind:
    """What all tokens of one kind share. ``name`` is their ``typ``, and each kind has a key of its own.

    ``leeway`` forgives the clock of the machine that signed: it may be ahead of ours by that much. The end of a
    token's life is exact.
    """

    name: str
    audience: str
    max_life: timedelta
    issuer: str = ISSUER
    leeway: timedelta = timedelta(seconds=30)


API = TokenKind("api+jwt", "helpdesk-recovery/api", timedelta(days=366))
"""Bearer tokens of programs that read ``/api/v1``; the subject is the account."""


class Scope(StrEnum):
    """What an API token may read."""

    CASES_READ = "cases:read"
    OFFERS_READ = "offers:read"
    CONNECTIONS_READ = "connections:read"
    STAFF_READ = "staff:read"
