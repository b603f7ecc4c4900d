"""A ticket of Request Tracker as the line reads it."""

from __future__ import annotations

from collections.abc import Sequence

from helpdesk_recovery.sdk import Author, Message, Requester, Ticket
from helpdesk_recovery_webhooks.request_tracker.happening import SYSTEM
from helpdesk_recovery_webhooks.request_tracker.wire import PartRow, Person, TicketRow, TransactionRow

_NOBODY = "Nobody"


def ticket_of(
    row: TicketRow, talk: Sequence[TransactionRow], parts: Sequence[PartRow], staff: set[str], bot: str, url: str
) -> Ticket:
    """Put a ticket together; *staff* are the names that RT counts as privileged, *url* is where RT is opened."""
    ordered = sorted(talk, key=lambda one: (one.created, int(one.id)))
    return Ticket(
        id=row.id,
        subject=row.subject,
        messages=tuple(_message(one, row, _parts_of(one, parts), staff, bot) for one in ordered),
        created_at=row.created,
        requester=_requester(row.requestors),
        status=row.status,
        group=row.queue.name or None,
        assignee=row.owner.name if row.owner.name != _NOBODY else None,
        fields={one.name: ", ".join(map(str, one.values)) for one in row.fields if one.values},
        url=f"{url}/Ticket/Display.html?id={row.id}",
    )


def strangers(row: TicketRow, talk: Sequence[TransactionRow], bot: str) -> set[str]:
    """Return who replied without being a requestor: RT must be asked whether they are staff."""
    known = {bot.casefold(), SYSTEM.casefold(), *(one.name.casefold() for one in row.requestors)}
    return {one.creator.name for one in talk if one.type == "Correspond" and one.creator.name.casefold() not in known}


def text_of(parts: Sequence[PartRow]) -> tuple[str, bool]:
    """Return a message's text and whether it is HTML: the first plain part that says something, else HTML."""
    for kind in ("text/plain", "text/html"):
        for part in sorted(parts, key=lambda one: int(one.id)):
            if part.kind.split(";")[0].strip().lower() == kind and part.text.strip():
                return part.text, kind == "text/html"
    return "", False


def _message(one: TransactionRow, row: TicketRow, parts: Sequence[PartRow], staff: set[str], bot: str) -> Message:
    author = _author(one, row, staff, bot)
    person = one.creator
    if author is Author.REQUESTER and one.type == "Create" and row.requestors and not _among(person, row):
        person = row.requestors[0]  # an agent typed in what this customer said
    text, html = text_of(parts)
    return Message(
        id=one.id,
        author=author,
        text=text,
        created_at=one.created,
        public=one.type != "Comment",
        html=html,
        author_id=person.name,
        author_name=person.real_name or None,
    )


def _author(one: TransactionRow, row: TicketRow, staff: set[str], bot: str) -> Author:
    if one.creator.name.casefold() == bot.casefold():
        return Author.BOT
    if one.creator.name == SYSTEM:
        return Author.SYSTEM
    if _among(one.creator, row) or (one.type == "Create" and row.requestors):
        return Author.REQUESTER
    return Author.AGENT if one.type != "Correspond" or one.creator.name in staff else Author.REQUESTER


def _among(person: Person, row: TicketRow) -> bool:
    return person.name.casefold() in {one.name.casefold() for one in row.requestors}


def _requester(requestors: Sequence[Person]) -> Requester:
    """Return the first requestor; RT's ``pt_BR`` becomes the BCP 47 tag ``pt-BR``."""
    if not requestors:
        return Requester()
    first = requestors[0]
    return Requester(
        id=first.name,
        name=first.real_name or None,
        email=first.email or None,
        locale=first.language.replace("_", "-") or None,
    )


def _parts_of(one: TransactionRow, parts: Sequence[PartRow]) -> list[PartRow]:
    return [part for part in parts if part.transaction_id == one.id]
