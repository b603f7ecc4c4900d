"""The inbox: raw deliveries, each stored once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from helpdesk_recovery.domain.delivery import Delivery
from helpdesk_recovery.storage.among import among
from helpdesk_recovery.storage.bulk import insert_rows
from helpdesk_recovery.storage.ids import first_id_at
from helpdesk_recovery.storage.tables import connections, deliveries, installation

Row = tuple[str, str, int, bytes, str | None, str, bytes]
"""id, connection id, received_at (microseconds), content key, signed id, headers as JSON, body."""

_COLUMNS = ("id", "connection_id", "received_at", "content_key", "signed_id", "headers", "body")


def append(connection: Connection, rows: Sequence[Row]) -> None:
    """Store *rows*; one that is there already, by content or by signed id, is left out."""
    insert_rows(connection, deliveries, _COLUMNS, rows, skip_known=True)


@dataclass(frozen=True, slots=True)
class Stored:
    """A delivery as the worker finds it. ``connection`` is the connection's id here."""

    delivery: Delivery
    connection_id: str
    state: str
    case_id: str | None


def fetch(connection: Connection, ids: Iterable[str]) -> list[Stored]:
    """Return the stored deliveries among *ids*, oldest first, whose body is still kept."""
    query = select(deliveries).where(among(deliveries.c.id, ids), deliveries.c.body.is_not(None))
    return [_stored(row) for row in connection.execute(query.order_by(deliveries.c.id)).mappings()]


def _stored(row: Any) -> Stored:
    headers = tuple((name, value) for name, value in row["headers"])
    delivery = Delivery(row["connection_id"], headers, row["body"], row["received_at"], row["id"])
    return Stored(delivery, row["connection_id"], row["state"], row["case_id"])


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a delivery: done, ignored or quarantined, with the reason, and its case."""

    delivery_id: str
    state: str
    reason: str | None = None
    case_id: str | None = None


_SETTLE = (
    update(deliveries)
    .where(deliveries.c.id == bindparam("delivery"))
    .values(state=bindparam("to"), reason=bindparam("why"), case_id=bindparam("case"))
)


def settle(connection: Connection, settled: Sequence[Settled]) -> None:
    """Write down what became of deliveries."""
    rows = [
        {"delivery": one.delivery_id, "to": one.state, "why": one.reason, "case": one.case_id}
        for one in sorted(settled, key=lambda one: one.delivery_id)
    ]
    connection.execute(_SETTLE, rows)


def pending_before(connection: Connection, before: datetime, limit: int = 500) -> list[str]:
    """Return ids of deliveries that nobody has worked although they are older than *before*."""
    query = (
        select(deliveries.c.id)
        .where(deliveries.c.state == "pending", deliveries.c.id < first_id_at("del", before))
        .order_by(deliveries.c.id)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def listed(connection: Connection, state: str | None, limit: int) -> list[dict[str, Any]]:
    """Return the newest deliveries (of one state), with their connection's name, for people."""
    query = (
        select(deliveries, connections.c.name.label("connection"))
        .join(connections, connections.c.id == deliveries.c.connection_id)
        .order_by(deliveries.c.id.desc())
        .limit(limit)
    )
    if state:
        query = query.where(deliveries.c.state == state)
    return [dict(row) for row in connection.execute(query).mappings()]


def reopen(connection: Connection, ids: Sequence[str]) -> list[str]:
    """Make quarantined or ignored deliveries pending again; return the ids that were."""
    query = (
        update(deliveries)
        .where(
            among(deliveries.c.id, ids),
            deliveries.c.state.in_(("quarantined", "ignored")),
            deliveries.c.body.is_not(None),
        )
        .values(state="pending", reason=None)
        .returning(deliveries.c.id)
    )
    return list(connection.execute(query).scalars())


def quarantined(connection: Connection) -> list[tuple[str, str, str]]:
    """Return (id, connection's name, reason) of what could not be read."""
    query = (
        select(deliveries.c.id, connections.c.name, deliveries.c.reason)
        .join(connections, connections.c.id == deliveries.c.connection_id)
        .where(deliveries.c.state == "quarantined")
        .order_by(deliveries.c.id)
        .limit(100)
    )
    return [(row[0], row[1], row[2] or "") for row in connection.execute(query)]


def counts(connection: Connection) -> dict[str, int]:
    """Return how many deliveries wait or are quarantined."""
    open_states = ("pending", "quarantined")
    query = select(deliveries.c.state, func.count()).where(deliveries.c.state.in_(open_states))
    return {state: n for state, n in connection.execute(query.group_by(deliveries.c.state))}


_FORGOTTEN = "deliveries_forgotten"


def forget_bodies(connection: Connection, before: datetime) -> int:
    """Empty raw deliveries older than *before*; their dedupe keys stay for ever. Return how many.

    Where the last time ended is remembered, so that this costs what is new, not what has ever been.
    """
    place = installation.c.key == _FORGOTTEN
    start = connection.execute(select(installation.c.value).where(place)).scalar() or ""
    end = first_id_at("del", before)
    old = deliveries.c.id.between(start, end) & deliveries.c.body.is_not(None) & (deliveries.c.state != "pending")
    count = connection.execute(update(deliveries).where(old).values(body=None, headers=None)).rowcount
    connection.execute(delete(installation).where(place))
    connection.execute(insert(installation).values(key=_FORGOTTEN, value=end))
    return count


def touch_connections(connection: Connection, latest: Mapping[str, datetime]) -> None:
    """Note when each connection's last delivery came (by connection id)."""
    for connection_id, at in sorted(latest.items()):
        connection.execute(update(connections).where(connections.c.id == connection_id).values(last_delivery_at=at))
