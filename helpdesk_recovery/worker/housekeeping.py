"""What nobody else does: work that fell between the chairs, and raw data whose time is over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from helpdesk_recovery.bootstrap import CASES, DELIVERIES, Services
from helpdesk_recovery.engine.port import Job
from helpdesk_recovery.storage import cases, deliveries
from helpdesk_recovery.telemetry import WAITING, log

_FORGOTTEN_AFTER = timedelta(seconds=15)


async def sweep(services: Services, worker: str, handle: Callable[[Job], Awaitable[None]]) -> None:
    """Work what is overdue although the engine has no job for it, such as after a restored backup."""
    before = services.clock() - _FORGOTTEN_AFTER
    waiting = await services.database.read(lambda sql: deliveries.pending_before(sql, before))
    overdue = await services.database.read(lambda sql: cases.due_before(sql, worker, before))
    counts = await services.database.read(deliveries.counts)
    for state in ("pending", "quarantined"):
        WAITING.labels(state).set(counts.get(state, 0))
    if waiting or overdue:
        log().info("sweep", count=len(waiting) + len(overdue))
        await handle(Job(DELIVERIES, tuple(waiting)))
        await handle(Job(CASES, tuple(overdue)))


async def forget(services: Services) -> None:
    """Empty raw deliveries that are older than the settings keep them."""
    before = services.clock() - timedelta(days=services.settings.keep_deliveries_days)
    count = await services.database.write(lambda sql: deliveries.forget_bodies(sql, before))
    if count:
        log().info("raw deliveries forgotten", count=count)
