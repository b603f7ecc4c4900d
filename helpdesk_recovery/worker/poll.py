"""Reconciliation: look for what a helpdesk that does not retry failed to deliver."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.ticket import TicketEvent
from helpdesk_recovery.errors import HelpdeskRefused, HelpdeskUnavailable
from helpdesk_recovery.pipeline.receive import wants_work
from helpdesk_recovery.storage import cases, connections
from helpdesk_recovery.telemetry import POLLS, log
from helpdesk_recovery.worker.desks import Desks

Advance = Callable[[Iterable[str]], Awaitable[None]]


async def poll_due(services: Services, desks: Desks, advance: Advance) -> None:
    """Poll every connection that is due, each once among all workers."""
    now = services.clock()
    if not await services.database.read(lambda sql: connections.any_due_poll(sql, now)):
        return
    for connection_id, cursor in await services.database.write(lambda sql: connections.claim_due_polls(sql, now)):
        connection = await services.database.read(
            lambda sql, one=connection_id: connections.by_id(sql, one, services.sealer)  # type: ignore[misc]
        )
        await _poll(services, desks, connection, cursor, advance)


async def _poll(services: Services, desks: Desks, connection: Connection, cursor: str | None, advance: Advance) -> None:
    try:
        polled = await (await desks.desk(connection)).poll(cursor)
    except (HelpdeskUnavailable, HelpdeskRefused) as error:
        POLLS.labels(connection.helpdesk, "failed").inc()
        log().warning("poll failed", connection=connection.name, reason=error.reason)
        trouble = str(error)[:500]
        await services.database.write(lambda sql: connections.set_trouble(sql, connection.id, trouble))
        return
    now = services.clock()
    found = await services.database.write(lambda sql: _keep(sql, connection, polled.events, polled.cursor, now))
    POLLS.labels(connection.helpdesk, "found" if found else "nothing").inc()
    await advance(found)


def _keep(sql: Any, connection: Connection, events: Iterable[TicketEvent], cursor: str, now: datetime) -> list[str]:
    """Put what no webhook told us on cases; return the cases that have something new."""
    found = []
    for event in events:
        if not wants_work(event) and not cases.exists(sql, connection.id, event.ticket_id):
            continue
        case_id, fresh = cases.record_event(sql, connection.account, connection.id, event, now)
        found += [case_id] if fresh else []
    connections.save_cursor(sql, connection.id, cursor)
    return list(dict.fromkeys(found))
