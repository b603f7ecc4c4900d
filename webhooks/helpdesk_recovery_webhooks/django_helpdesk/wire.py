"""What django-helpdesk's hooks and API say, as far as we read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

_CUSTOM = "custom_"
_LARGEST = 2**63 - 1


def _utc(moment: datetime) -> datetime:
    """Turn the server's local time with its offset into UTC; a time without one is refused."""
    if moment.tzinfo is None:
        raise ValueError("a time without its offset")
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("a time beyond the calendar") from None


Id = Annotated[int, Field(gt=0, le=_LARGEST)]
Moment = Annotated[datetime, AfterValidator(_utc)]


class Wire(BaseModel):
    """Anything on the wire: what we have never heard of is left alone."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class FollowUp(Wire):
    """A follow-up: a message, a private note, a status change, or several at once.

    ``user`` is null for everybody who is no staff: customers by mail or web, and the helpdesk itself.
    """

    id: Id
    ticket: Id
    user: Id | None = None
    title: str | None = None
    comment: str | None = None
    public: bool = False
    new_status: int | None = None
    date: Moment
    message_id: str | None = None

    @property
    def text(self) -> str:
        """The comment, empty when there is none."""
        return self.comment or ""


class HelpdeskTicket(Wire):
    """A ticket; ``fields`` holds its custom fields by name."""

    id: Id
    queue: int | None = None
    title: str = ""
    description: str | None = None
    submitter_email: str | None = None
    assigned_to: int | None = None
    status: int = 1
    merged_to: int | None = None
    followup_set: tuple[FollowUp, ...] = ()
    fields: dict[str, str] = {}

    @model_validator(mode="before")
    @classmethod
    def _gather_fields(cls, raw: Any) -> Any:
        if not isinstance(raw, Mapping):
            return raw
        custom = {key: raw[key] for key in raw if isinstance(key, str) and key.startswith(_CUSTOM)}
        filled = {key.removeprefix(_CUSTOM): str(value) for key, value in custom.items() if value not in (None, "")}
        return {**raw, "fields": filled}

    def thread(self) -> tuple[FollowUp, ...]:
        """Return the follow-ups, oldest first; the helpdesk does not order them."""
        return tuple(sorted(self.followup_set, key=lambda followup: (followup.date, followup.id)))


class Hook(Wire):
    """A hook's body: without ``followup_id`` the ticket is new."""

    ticket: HelpdeskTicket
    followup_id: Id | None = None


class FollowUpPage(Wire):
    """A page of follow-ups, in the order of their dates; ``count`` is that of all pages."""

    count: int = Field(ge=0)
    results: tuple[FollowUp, ...]
