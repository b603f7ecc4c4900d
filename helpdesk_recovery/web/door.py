"""POST /webhooks/{helpdesk}/{connection}: verify the raw bytes, keep them, answer 202 after COMMIT."""

from __future__ import annotations

import asyncio
import hashlib
import time

from aiohttp import web

from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.delivery import Delivery, Headers
from helpdesk_recovery.errors import DeliveryRejected, StoreUnavailable
from helpdesk_recovery.pipeline.ports import Helpdesk
from helpdesk_recovery.telemetry import ACK_SECONDS, DELIVERIES
from helpdesk_recovery.web.keys import BOOK, SERVICES
from helpdesk_recovery.web.problems import RETRY_AFTER, problem

READ_SECONDS = 10.0
_ACCEPTED = b'{"status":"accepted"}'
_NOT_KEPT = frozenset({"authorization", "cookie", "proxy-authorization", "x-forwarded-for", "x-real-ip", "forwarded"})


async def receive_webhook(request: web.Request) -> web.Response:
    """Take one delivery; the answer is 202 only when it is durable."""
    started = time.perf_counter()
    connection = await request.app[BOOK].find(request.match_info["helpdesk"], request.match_info["connection"])
    if connection is None:
        return _refuse("unknown", 404, "unknown", "There is no such webhook here.")
    helpdesk = request.app[SERVICES].plugins.helpdesks.get(connection.helpdesk)
    if helpdesk is None:
        return _refuse(connection.helpdesk, 404, "plugin", "There is no such webhook here.")
    body = await _read(request)
    if isinstance(body, web.Response):
        return body
    answer = await _keep(request, helpdesk, connection, body)
    ACK_SECONDS.observe(time.perf_counter() - started)
    return answer


async def _read(request: web.Request) -> bytes | web.Response:
    """Read the raw body, bounded in size and time; compressed ones are refused unread."""
    name = request.match_info["helpdesk"]
    limit = request.app[SERVICES].settings.max_body_bytes
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        return _refuse(name, 415, "compressed", "Send the body without Content-Encoding.")
    if (request.content_length or 0) > limit:
        return _refuse(name, 413, "too_large", f"The largest delivery is {limit} bytes.")
    try:
        async with asyncio.timeout(READ_SECONDS):
            return await request.read()
    except TimeoutError:
        return _refuse(name, 408, "slow", "The body did not arrive in time.")
    except web.HTTPRequestEntityTooLarge:
        return _refuse(name, 413, "too_large", f"The largest delivery is {limit} bytes.")
    except (web.RequestPayloadError, ConnectionError):
        return _refuse(name, 400, "truncated", "The body ended too soon.")


async def _keep(request: web.Request, helpdesk: Helpdesk, connection: Connection, body: bytes) -> web.Response:
    services = request.app[SERVICES]
    now = services.clock()
    delivery = Delivery(connection.name, _headers(request), body, now)
    try:
        signed_id = helpdesk.verify(delivery, connection.secrets, now)
        kept = Delivery(connection.name, _kept(delivery.headers), body, now)
        await services.inbox.put(connection.id, kept, hashlib.sha256(body).digest(), signed_id)
    except DeliveryRejected as error:
        return _refuse(
            connection.helpdesk, 401, error.reason, "The delivery is not signed by this connection's secret."
        )
    except StoreUnavailable as error:
        DELIVERIES.labels(connection.helpdesk, str(helpdesk.info.busy_status), error.reason).inc()
        busy = {"Retry-After": RETRY_AFTER}
        return problem(helpdesk.info.busy_status, "Nothing was kept: deliver again later.", headers=busy)
    DELIVERIES.labels(connection.helpdesk, "202", "").inc()
    return web.Response(body=_ACCEPTED, status=202, content_type="application/json")


def _headers(request: web.Request) -> Headers:
    """Return the headers as sent; bytes that are not UTF-8 arrive as lone surrogates and are replaced."""
    return tuple(
        (name.decode("latin-1").lower(), value.decode("utf-8", "replace")) for name, value in request.raw_headers
    )


def _kept(headers: Headers) -> Headers:
    return tuple((name, value) for name, value in headers if name not in _NOT_KEPT)


def _refuse(helpdesk: str, status: int, reason: str, words: str) -> web.Response:
    DELIVERIES.labels(helpdesk, str(status), reason).inc()
    return problem(status, words)
