"""The events of a home-made desk, as far as we read them. README.md describes them for who sends them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from helpdesk_recovery.sdk import Author

_LONGEST_ID = 255


def _identifier(value: Any) -> Any:
    """Take numbers as ids too; True is no number here."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _scalar(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("is outside the years 1 to 9999") from None


def _web_address(url: str | None) -> str | None:
    """Keep only what may become a link."""
    return url if url and url.startswith(("https://", "http://")) else None


def _texts(fields: Any) -> Any:
    """Keep the fields whose value is one piece of text, a number or yes/no; drop the rest."""
    if not isinstance(fields, Mapping):
        return fields
    kept = {key: str(value).lower() if isinstance(value, bool) else _scalar(value) for key, value in fields.items()}
    return {key: value for key, value in kept.items() if isinstance(value, str)}


Id = Annotated[str, BeforeValidator(_identifier), Field(min_length=1, max_length=_LONGEST_ID)]
Text = Annotated[str, BeforeValidator(lambda value: "" if value is None else value)]
Scalar = Annotated[str, BeforeValidator(_scalar)]
Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
Link = Annotated[str | None, AfterValidator(_web_address)]
Fields = Annotated[dict[str, str], BeforeValidator(_texts)]


class Wire(BaseModel):
    """Fields that we do not know are left alone."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class RequesterWire(Wire):
    """The customer."""

    id: Id | None = None
    name: str | None = None
    email: str | None = None
    locale: str | None = None


class MessageWire(Wire):
    """One message; ``text`` wins over ``html`` when both are there."""

    id: Id
    author: Author
    created_at: Moment
    text: Text = ""
    html: Text = ""
    public: bool = True
    author_id: Id | None = None
    author_name: str | None = None


class TicketWire(Wire):
    """The ticket with its whole conversation, in any order."""

    id: Id
    subject: Text = ""
    status: Text = ""
    channel: Text = ""
    group: str | None = None
    assignee: str | None = None
    tags: list[Scalar] = []
    fields: Fields = {}
    url: Link = None
    created_at: Moment | None = None
    requester: RequesterWire | None = None
    messages: list[MessageWire] = []


class DataWire(Wire):
    """What an event is about."""

    ticket: TicketWire
    message_id: Id | None = None
    value: Scalar | None = None


class EventWire(Wire):
    """One event."""

    type: str
    timestamp: Moment
    data: DataWire


class WrittenWire(Wire):
    """What the desk may answer to a note or a reply."""

    id: Id
