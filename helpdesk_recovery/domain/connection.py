"""One helpdesk of one account, connected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Mode(StrEnum):
    """Whether a connection may write: in SHADOW nothing at all is written to the helpdesk."""

    SHADOW = "shadow"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Pilot:
    """Who gets notes while live: tickets of a group, with a tag, or a share of 1-100 percent; None means all."""

    group: str | None = None
    tag: str | None = None
    share: int | None = None

    def words(self) -> str:
        """Say the pilot as it is typed after ``--only``; empty when everybody is in."""
        if self.group is not None:
            return f"group={self.group}"
        if self.tag is not None:
            return f"tag={self.tag}"
        return f"share={self.share}%" if self.share is not None else ""


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection as the line uses it. ``name`` is unique in the installation and stands in the webhook URL.

    ``staff_language`` is the language of notes (ISO 639-1), ``currency`` the one goodwill is given in.
    ``options`` is what the helpdesk's folder needs (bot user, queue, …), and ours: ``timezone`` (IANA name of the
    staff's, UTC without it), ``settle_seconds`` and ``writes_per_minute``. Secrets are plain text here and
    sealed in the database; repr never shows them.
    """

    id: str
    account: str
    helpdesk: str
    name: str
    url: str | None
    mode: Mode = Mode.SHADOW
    pilot: Pilot = Pilot()
    staff_language: str = "en"
    currency: str = "EUR"
    policies: tuple[str, ...] = ("starter",)
    poll_seconds: int | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    token: str | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
