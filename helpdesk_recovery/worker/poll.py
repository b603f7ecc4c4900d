"""Reconciliation: look for what a helpdesk that does not retry failed to deliver."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.errors import HelpdeskRefused, HelpdeskUnavailable
from helpdesk_recovery.pipeline.ports import Polled
from helpdesk_recovery.pipeline.receive import wants_work
from helpdesk_recovery.storage import connections
from helpdesk_recovery.storage.attach import Arrival, attach
from helpdesk_recovery.telemetry import POLLS, log
from helpdesk_recovery.worker.bench import Bench

Advance = Callable[[Iterable[str]], Awaitable[None]]


async def poll_due(bench: Bench, advance: Advance) -> None:
    """Poll every connection that is due, each once among all workers."""
    services = bench.services
    now = services.clock()
    if not await services.database.read(lambda sql: connections.any_due_poll(sql, now)):
        return
    for connection_id, cursor in await services.database.write(lambda sql: connections.claim_due_polls(sql, now)):
        connection = await bench.book.find(connection_id)
        if connection is not None:
            await _poll(bench, connection, cursor, advance)


async def _poll(bench: Bench, connection: Connection, cursor: str | None, advance: Advance) -> None:
    try:
        polled = await bench.desks.desk(connection).poll(cursor)
    except (HelpdeskUnavailable, HelpdeskRefused) as error:
        POLLS.labels(connection.helpdesk, "failed").inc()
        log().warning("poll failed", connection=connection.name, reason=error.reason)
        trouble = str(error)[:500]
        await bench.services.database.write(lambda sql: connections.set_trouble(sql, connection.id, trouble))
        return
    found = await _keep(bench, connection, polled)
    POLLS.labels(connection.helpdesk, "found" if found else "nothing").inc()
    await advance(found)


async def _keep(bench: Bench, connection: Connection, polled: Polled) -> list[str]:
    """Put what no webhook told us on cases, with the new cursor; return the cases that have something new."""
    now = bench.services.clock()
    arrivals = [Arrival(connection.account, connection.id, one, wants_work(one)) for one in polled.events]

    def work(sql: Any) -> list[str]:
        attached = attach(sql, arrivals, now) if arrivals else []
        connections.save_cursor(sql, connection.id, polled.cursor)
        return [one.case_id for one in attached if one.fresh and one.case_id]

    return list(dict.fromkeys(await bench.services.again_on_conflict(work)))
