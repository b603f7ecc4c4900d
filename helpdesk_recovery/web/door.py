"""POST /webhooks/{helpdesk}/{connection}: verify the raw bytes, keep them, answer 202 after COMMIT."""

from __future__ import annotations

import asyncio
import hashlib
import time

from aiohttp import web

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.delivery import Delivery, Headers
from helpdesk_recovery.errors import DeliveryRejected, StoreUnavailable
from helpdesk_recovery.pipeline.ports import Helpdesk
from helpdesk_recovery.telemetry import ACK_SECONDS, answered
from helpdesk_recovery.web.keys import BOOK, SERVICES
from helpdesk_recovery.web.problems import RETRY_AFTER, problem

READ_SECONDS = 10.0
_ACCEPTED = b'{"status":"accepted"}'
_JSON = {"Content-Type": "application/json"}
_NOT_KEPT = frozenset({"authorization", "cookie", "proxy-authorization", "x-forwarded-for", "x-real-ip", "forwarded"})


async def receive_webhook(request: web.Request) -> web.Response:
    """Take one delivery; the answer is 202 only when it is durable."""
    started = time.perf_counter()
    app, place = request.app, request.match_info
    connection = await app[BOOK].find(place["helpdesk"], place["connection"])
    if connection is None:
        return _refuse("unknown", 404, "unknown", "There is no such webhook here.")
    services = app[SERVICES]
    helpdesk = services.plugins.helpdesks.get(connection.helpdesk)
    if helpdesk is None:
        return _refuse(connection.helpdesk, 404, "plugin", "There is no such webhook here.")
    body = await _read(request, connection.helpdesk, services.settings.max_body_bytes)
    if isinstance(body, web.Response):
        return body
    answer = await _keep(request, services, helpdesk, connection, body)
    ACK_SECONDS.observe(time.perf_counter() - started)
    return answer


async def _read(request: web.Request, helpdesk: str, limit: int) -> bytes | web.Response:
    """Read the raw body, bounded in size and time; compressed ones are refused unread."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        return _refuse(helpdesk, 415, "compressed", "Send the body without Content-Encoding.")
    too_large = (request.content_length or 0) > limit
    try:
        body = b"" if too_large else await _body(request)
    except TimeoutError:
        return _refuse(helpdesk, 408, "slow", "The body did not arrive in time.")
    except web.HTTPRequestEntityTooLarge:
        too_large = True
    except (web.RequestPayloadError, ConnectionError):
        return _refuse(helpdesk, 400, "truncated", "The body ended too soon.")
    if too_large or len(body) > limit:
        return _refuse(helpdesk, 413, "too_large", f"The largest delivery is {limit} bytes.")
    return body


async def _body(request: web.Request) -> bytes:
    """Return the body: at once when all of it came with the headers, else as long as it may take."""
    if request.content.is_eof():
        return request.content.read_nowait()
    async with asyncio.timeout(READ_SECONDS):
        return await request.read()


async def _keep(
    request: web.Request, services: Services, helpdesk: Helpdesk, connection: Connection, body: bytes
) -> web.Response:
    now = services.clock()
    headers = _headers(request)
    try:
        signed_id = helpdesk.verify(Delivery(connection.name, headers, body, now), connection.secrets, now)
        kept = Delivery(connection.name, _kept(headers), body, now)
        await services.inbox.put(connection.id, kept, hashlib.sha256(body).digest(), signed_id)
    except DeliveryRejected as error:
        words = "The delivery is not signed by this connection's secret."
        return _refuse(connection.helpdesk, 401, error.reason, words)
    except StoreUnavailable as error:
        status = helpdesk.info.busy_status
        answered(connection.helpdesk, str(status), error.reason).inc()
        return problem(status, "Nothing was kept: deliver again later.", headers={"Retry-After": RETRY_AFTER})
    answered(connection.helpdesk, "202", "").inc()
    return web.Response(body=_ACCEPTED, status=202, headers=_JSON)


def _headers(request: web.Request) -> Headers:
    """Return the headers as sent; bytes that are not UTF-8 arrive as lone surrogates and are replaced."""
    raw = request.raw_headers
    return tuple([(name.decode("latin-1").lower(), value.decode("utf-8", "replace")) for name, value in raw])


def _kept(headers: Headers) -> Headers:
    return tuple([header for header in headers if header[0] not in _NOT_KEPT])


def _refuse(helpdesk: str, status: int, reason: str, words: str) -> web.Response:
    answered(helpdesk, str(status), reason).inc()
    return problem(status, words)
