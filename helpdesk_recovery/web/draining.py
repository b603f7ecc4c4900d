"""Finishing what is under way before the server goes: its own shutdown reads no body to its end."""

from __future__ import annotations

import asyncio
import contextlib

from aiohttp import web

from helpdesk_recovery.web.keys import DRAINING, UNDER_WAY
from helpdesk_recovery.web.problems import Handler

_LOOK_SECONDS = 0.02


@web.middleware
async def counted(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Know which requests are under way; while we shut down, let go of each connection with its answer."""
    under_way = request.app[UNDER_WAY]
    under_way.add(id(request))
    try:
        response = await handler(request)
    finally:
        under_way.discard(id(request))
    if request.app[DRAINING]:
        response.force_close()
    return response


async def all_answered(app: web.Application, seconds: float) -> None:
    """Return when no request is under way, or after *seconds*."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while app[UNDER_WAY]:
                await asyncio.sleep(_LOOK_SECONDS)
