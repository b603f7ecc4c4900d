"""Serve until told to stop, then drain: not ready, no new connections, finish what is under way."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from aiohttp import web

from helpdesk_recovery.telemetry import log
from helpdesk_recovery.web.draining import all_answered
from helpdesk_recovery.web.keys import DRAINING

KEEPALIVE_SECONDS = 15.0
DRAIN_SECONDS = 10.0
CLOSE_SECONDS = 1.0
NOTICE_SECONDS = 0.5
"""How long ``/readyz`` says no before the socket closes, so that a proxy looks elsewhere first."""


async def serve(
    app: web.Application, host: str, port: int, stop: asyncio.Event, started: Callable[[int], None] | None = None
) -> None:
    """Let *app* listen on *host*:*port* (0 takes a free one and tells *started*) until *stop* is set."""
    runner = web.AppRunner(
        app,
        auto_decompress=False,
        keepalive_timeout=KEEPALIVE_SECONDS,
        access_log=None,
        handle_signals=False,
        shutdown_timeout=CLOSE_SECONDS,
    )
    await runner.setup()
    site = web.TCPSite(runner, host, port, backlog=1024)
    await site.start()
    bound = runner.addresses[0][1]
    log().info("listening", host=host, port=bound)
    if started is not None:
        started(bound)
    await stop.wait()
    app[DRAINING].append(True)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.Event().wait(), NOTICE_SECONDS)
    await site.stop()
    await all_answered(app, DRAIN_SECONDS)
    await runner.cleanup()
    log().info("stopped listening", port=bound)
