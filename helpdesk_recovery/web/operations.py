"""What operators watch: alive, ready, metrics."""

from __future__ import annotations

from aiohttp import web
from prometheus_client import generate_latest

from helpdesk_recovery.errors import RecoveryError
from helpdesk_recovery.storage import migrate
from helpdesk_recovery.telemetry import METRICS
from helpdesk_recovery.web.keys import DRAINING, SERVICES
from helpdesk_recovery.web.problems import RETRY_AFTER, problem


async def alive(_: web.Request) -> web.Response:
    """Answer while the loop runs."""
    return web.json_response({"status": "alive"})


async def ready(request: web.Request) -> web.Response:
    """Answer 200 while deliveries can be kept: not draining, database writable and up to date."""
    not_now = {"Retry-After": RETRY_AFTER}
    if request.app[DRAINING]:
        return problem(503, "Shutting down.", reason="draining", headers=not_now)
    try:
        current = await request.app[SERVICES].database.write(migrate.is_current)
    except RecoveryError as error:
        return problem(503, "The database does not answer.", reason=error.reason, headers=not_now)
    if not current:
        return problem(503, "Run: helpdesk-recovery database upgrade", reason="migrations", headers=not_now)
    return web.json_response({"status": "ready"})


async def metrics(_: web.Request) -> web.Response:
    """Prometheus metrics; counts and codes only."""
    return web.Response(body=generate_latest(METRICS), headers={"Content-Type": "text/plain; version=0.0.4"})
