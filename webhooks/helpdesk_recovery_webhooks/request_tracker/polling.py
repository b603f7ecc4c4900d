"""What webhooks missed: the transactions since a cursor, read by the same rules as deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from helpdesk_recovery.sdk import ConfigurationInvalid, Polled, TicketEvent
from helpdesk_recovery_webhooks.request_tracker.happening import KEY_FIELD, SYSTEM, Happening, read_happening
from helpdesk_recovery_webhooks.request_tracker.rest import PER_PAGE, Rest
from helpdesk_recovery_webhooks.request_tracker.wire import RequestorsRow, TransactionRow

MAX_PAGES = 10
LATE = timedelta(seconds=120)
"""Transactions get their ids before they are committed, so one with a lower id may still appear: what is
younger than this is read again by the next poll. Its key is the same, so nothing is worked twice."""

_TOLD = "TicketType = 'ticket' AND (Type = 'Create' OR Type = 'Correspond' OR Type = 'Comment' OR Type = 'Status')"
"""What the scrip tells of. Naming the types also keeps out rows that we may not see, which RT takes off a page
after counting it: a page would look like the last one."""


async def poll(rest: Rest, bot: str, cursor: str | None) -> Polled:
    """Return what happened after the transaction *cursor*, at most 1,000 transactions at a time."""
    if cursor is None:
        newest = await rest.transactions(_TOLD, orderby="id", order="DESC", per_page="1")
        return Polled((), newest[0].id if newest else "0")
    if not (cursor.isascii() and cursor.isdigit()):
        raise ConfigurationInvalid(f"the poll cursor {cursor[:40]!r} is no transaction number")
    rows = await _since(rest, cursor)
    if not rows:
        return Polled((), cursor)
    read = [read_happening(what, bot) for what in await _happenings(rest, rows, bot)]
    events = tuple(one for one in read if isinstance(one, TicketEvent))
    full = len(rows) == MAX_PAGES * PER_PAGE
    return Polled(events, _next(rows, cursor, rest.clock, full))


async def _since(rest: Rest, cursor: str) -> list[TransactionRow]:
    """Walk by id, not by page number: pages shift while people write."""
    found: list[TransactionRow] = []
    for _ in range(MAX_PAGES):
        last = found[-1].id if found else cursor
        rows = await rest.transactions(f"{_TOLD} AND id > {last}", orderby="id")
        found += rows
        if len(rows) < PER_PAGE:
            break
    return found


async def _happenings(rest: Rest, rows: Sequence[TransactionRow], bot: str) -> list[Happening]:
    requestors = await _requestors(rest, sorted({row.ticket_id for row in rows}))
    others = {row.creator.name for row in rows if row.creator.name not in requestors.get(row.ticket_id, ())}
    staff = await rest.staff(others - {bot, SYSTEM})
    return [_happening(row, requestors.get(row.ticket_id, ()), staff) for row in rows]


async def _requestors(rest: Rest, tickets: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the names of each ticket's customers."""
    found: dict[str, tuple[str, ...]] = {}
    for start in range(0, len(tickets), PER_PAGE):
        query = " OR ".join(f"id = {ticket}" for ticket in tickets[start : start + PER_PAGE])
        rows = await rest.rows(
            RequestorsRow, "tickets", query=query, fields="Requestor", **{"fields[Requestor]": "Name"}
        )
        found |= {row.id: tuple(person.name for person in row.requestors) for row in rows}
    return found


def _happening(row: TransactionRow, requestors: tuple[str, ...], staff: set[str]) -> Happening:
    keys = [str(value) for one in row.fields if one.name == KEY_FIELD for value in one.values]
    return Happening(
        id=row.id,
        ticket_id=row.ticket_id,
        type=row.type,
        created=row.created,
        creator=row.creator.name,
        email=row.creator.email,
        privileged=row.creator.name in staff,
        requestors=requestors,
        new_value=row.new_value,
        reference=next(iter(keys), ""),
    )


def _next(rows: Sequence[TransactionRow], cursor: str, now: datetime, full: bool) -> str:
    """Return the last transaction that nothing can still appear before."""
    settled = [row.id for row in rows if full or row.created <= now - LATE]
    return settled[-1] if settled else cursor
