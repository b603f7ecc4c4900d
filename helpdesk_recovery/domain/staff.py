"""People and programs that act in an account."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person may do, from least to most; an auditor reads everything and changes nothing."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class User:
    """A member of staff of one account."""

    id: str
    account: str
    email: str
    name: str
    roles: frozenset[Role]
