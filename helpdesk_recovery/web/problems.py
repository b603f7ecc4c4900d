"""Errors as problem+json (RFC 9457): what happened, and what to do."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from helpdesk_recovery.errors import ConfigurationInvalid, NotFound, RecoveryError, StoreUnavailable
from helpdesk_recovery.telemetry import log

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_STATUS: tuple[tuple[type[RecoveryError], int], ...] = (
    (NotFound, 404),
    (ConfigurationInvalid, 422),
    (StoreUnavailable, 503),
)
RETRY_AFTER = "5"


def problem(status: int, detail: str = "", *, reason: str = "", headers: dict[str, str] | None = None) -> web.Response:
    """Return an error answer; *reason* is the one word that metrics count."""
    content = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    if detail:
        content["detail"] = detail
    if reason:
        content["reason"] = reason
    kept_nowhere = {"Cache-Control": "no-store", **(headers or {})}
    body = json.dumps(content).encode()
    return web.Response(body=body, status=status, content_type="application/problem+json", headers=kept_nowhere)


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every error into problem+json; what we did not expect says nothing about itself."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        return problem(error.status, error.text if error.status < 500 and error.text else "", headers=_allow(error))
    except RecoveryError as error:
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), 400)
        headers = {"Retry-After": RETRY_AFTER} if status == 503 else None
        return problem(status, str(error), reason=error.reason, headers=headers)
    except Exception as error:
        log().error("request failed", error=type(error).__name__)
        return problem(500)


def _allow(error: web.HTTPException) -> dict[str, str] | None:
    return {"Allow": error.headers["Allow"]} if "Allow" in error.headers else None
