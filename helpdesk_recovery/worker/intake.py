"""Deliveries → events on cases. What can't be read is quarantined; what isn't ours to work is ignored."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.delivery import Ignored
from helpdesk_recovery.domain.ticket import TicketEvent
from helpdesk_recovery.errors import NotFound, Unreadable
from helpdesk_recovery.pipeline.receive import receive, wants_work
from helpdesk_recovery.storage import cases, connections, deliveries
from helpdesk_recovery.storage.deliveries import Stored
from helpdesk_recovery.telemetry import EVENTS, log

Read = tuple[Stored, Connection | None, TicketEvent | Ignored | Unreadable]


async def take_in(services: Services, delivery_ids: Sequence[str]) -> list[str]:
    """Read these deliveries and put their events on cases; return the ids of the cases they belong to.

    Doing it again changes nothing: what is settled stays, and its case is returned all the same.
    """
    stored = await services.database.read(lambda sql: deliveries.fetch(sql, delivery_ids))
    known = {
        one.id: one for one in await services.database.read(lambda sql: connections.everything(sql, services.sealer))
    }
    reads = [_read(services, known.get(one.connection_id), one) for one in stored if one.state == "pending"]
    now = services.clock()
    found = [one.case_id for one in stored if one.case_id]
    if reads:
        found += await services.database.write(lambda sql: _settle_all(sql, reads, now))
    return list(dict.fromkeys(found))


def _read(services: Services, connection: Connection | None, stored: Stored) -> Read:
    if connection is None:
        return stored, None, Ignored("removed", "the connection was removed")
    try:
        helpdesk = services.plugins.helpdesk(connection.helpdesk)
        return stored, connection, receive(helpdesk, stored.delivery, connection)
    except (Unreadable, NotFound) as error:
        return stored, connection, Unreadable(str(error), reason=error.reason)
    except Exception as error:  # a defect in a helpdesk folder must not stop the others' deliveries
        log().error(
            "reader failed", helpdesk=connection.helpdesk, delivery=stored.delivery.id, error=type(error).__name__
        )
        return stored, connection, Unreadable(f"{type(error).__name__} while reading it", reason="defect")


def _settle_all(sql: Any, reads: Sequence[Read], now: datetime) -> list[str]:
    latest: dict[str, datetime] = {}
    found = []
    for stored, connection, read in sorted(reads, key=_lock_order):
        latest[stored.connection_id] = max(now, latest.get(stored.connection_id, now))
        case_id = _settle(sql, stored, connection, read, now)
        found += [case_id] if case_id else []
    deliveries.touch_connections(sql, latest)
    return found


def _lock_order(read: Read) -> tuple[str, str, str]:
    """Cases are locked in one order by all workers, so that they never wait for each other in a circle."""
    stored, _, what = read
    return stored.connection_id, what.ticket_id if isinstance(what, TicketEvent) else "", stored.delivery.id


def _settle(
    sql: Any, stored: Stored, connection: Connection | None, read: TicketEvent | Ignored | Unreadable, now: datetime
) -> str | None:
    helpdesk = connection.helpdesk if connection else "removed"
    if isinstance(read, Unreadable):
        EVENTS.labels(helpdesk, "quarantined").inc()
        deliveries.settle(sql, stored.delivery.id, "quarantined", f"{read.reason}: {read}")
        return None
    if isinstance(read, Ignored):
        EVENTS.labels(helpdesk, "ignored").inc()
        deliveries.settle(sql, stored.delivery.id, "ignored", f"{read.code}: {read.reason}")
        return None
    assert connection is not None  # noqa: S101 - only a connection's helpdesk reads events
    return _keep_event(sql, stored, connection, read, now)


def _keep_event(sql: Any, stored: Stored, connection: Connection, event: TicketEvent, now: datetime) -> str | None:
    if not wants_work(event) and not cases.exists(sql, connection.id, event.ticket_id):
        EVENTS.labels(connection.helpdesk, "ignored").inc()
        deliveries.settle(sql, stored.delivery.id, "ignored", f"no_case: {event.kind} on a ticket without a case")
        return None
    case_id, fresh = cases.record_event(sql, connection.account, connection.id, event, now)
    EVENTS.labels(connection.helpdesk, str(event.kind) if fresh else "repeated").inc()
    deliveries.settle(sql, stored.delivery.id, "done", case_id=case_id)
    return case_id
