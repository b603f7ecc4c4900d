"""What Request Tracker sends: our scrip's payload, and the answers of REST 2.0 as far as we read them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _number(value: object) -> str:
    """Read an id as text: REST 2.0 writes some as numbers and most as strings."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not (text.isascii() and text.isdigit() and len(text) <= 20):
        raise ValueError("is no id")
    return text


def _instant(value: object) -> datetime:
    """Read an ISO 8601 time with its zone, as UTC."""
    try:
        when = datetime.fromisoformat(str(value))
        if when.tzinfo is None:
            raise ValueError("has no time zone")
        return when.astimezone(UTC)
    except OverflowError:
        raise ValueError("is no time that can be stored") from None


def _listed(value: object) -> object:
    """Read a list; REST 2.0 writes an empty string where there is none."""
    return [] if value in ("", None) else value


Row = TypeVar("Row")
Number = Annotated[str, BeforeValidator(_number)]
Instant = Annotated[datetime, BeforeValidator(_instant)]


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class HookTicket(_Wire):
    """The ticket in our scrip's payload; ``requestors`` are e-mail addresses, or names where there is none."""

    id: Number
    requestors: tuple[str | None, ...] = ()


class HookTransaction(_Wire):
    """What happened, in our scrip's payload; ``reference`` is our marker when the text is ours."""

    id: Number
    type: str
    created: Instant
    creator: str = Field(min_length=1)
    creator_email: str | None = None
    creator_privileged: bool = False
    new_value: str | None = None
    reference: str | None = None


class Hook(_Wire):
    """One delivery of our scrip."""

    ticket: HookTicket
    transaction: HookTransaction


class Person(_Wire):
    """A user as REST 2.0 expands one; everything but the name may be hidden from us and empty."""

    name: str = Field(alias="Name", min_length=1)
    email: str = Field(alias="EmailAddress", default="")
    real_name: str = Field(alias="RealName", default="")
    language: str = Field(alias="Lang", default="")


class User(_Wire):
    """A user asked for by itself, which alone tells whether RT counts it as staff (privileged)."""

    name: str = Field(alias="Name", min_length=1)
    privileged: bool = Field(alias="Privileged", default=False)


class Named(_Wire):
    """A queue, by its name."""

    name: str = Field(alias="Name", default="")


class FieldValues(_Wire):
    """A custom field of a ticket or a transaction with its values."""

    name: str
    values: tuple[Any, ...] = ()


Fields = Annotated[tuple[FieldValues, ...], BeforeValidator(_listed)]


class TicketRow(_Wire):
    """A ticket as a search returns it."""

    id: Number
    subject: str = Field(alias="Subject", default="")
    status: str = Field(alias="Status", default="")
    created: Instant = Field(alias="Created")
    queue: Named = Field(alias="Queue")
    owner: Person = Field(alias="Owner")
    requestors: Annotated[tuple[Person, ...], BeforeValidator(_listed)] = Field(alias="Requestor")
    fields: Fields = Field(alias="CustomFields", default=())


class RequestorsRow(_Wire):
    """A ticket of which only the requestors matter."""

    id: Number
    requestors: Annotated[tuple[Person, ...], BeforeValidator(_listed)] = Field(alias="Requestor")


class TransactionRow(_Wire):
    """A transaction as a search or a history returns it."""

    id: Number
    type: str = Field(alias="Type")
    created: Instant = Field(alias="Created")
    creator: Person = Field(alias="Creator")
    ticket_id: Annotated[str, BeforeValidator(_number)] = Field(alias="ObjectId", default="0")
    new_value: str = Field(alias="NewValue", default="")
    fields: Fields = Field(alias="CustomFields", default=())


class PartRow(_Wire):
    """One text part of a message."""

    id: Number
    transaction_id: Number = Field(alias="TransactionId")
    kind: str = Field(alias="ContentType", default="")
    text: str = Field(alias="Content", default="")


class IdRow(_Wire):
    """Anything of which only the id matters."""

    id: Number


class Link(_Wire):
    """What we may do with a ticket, as REST 2.0 offers it: ``comment``, ``correspond``, …"""

    ref: str = ""


class WholeTicket(_Wire):
    """A ticket asked for by its id: another id means that it was merged into that one."""

    id: Number
    status: str = Field(alias="Status", default="")
    links: tuple[Link, ...] = Field(alias="_hyperlinks", default=())


class Page(_Wire, Generic[Row]):
    """A page of a list."""

    items: tuple[Row, ...]


class About(_Wire):
    """What Request Tracker says about itself."""

    version: str = Field(alias="Version", min_length=1)
