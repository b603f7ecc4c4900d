"""Answers: never stored by anybody on the way; single things with an ETag."""

from __future__ import annotations

import hashlib

from aiohttp import web
from pydantic import BaseModel

NO_STORE = {"Cache-Control": "no-store"}


def respond(request: web.Request, answer: BaseModel, *, single: bool) -> web.Response:
    """Return *answer* as JSON; for a *single* thing that the caller has already, 304 without a body."""
    body = answer.model_dump_json().encode()
    if not single:
        return web.Response(body=body, content_type="application/json", headers=NO_STORE)
    tag = hashlib.sha256(body).hexdigest()[:32]
    headers = {**NO_STORE, "ETag": f'"{tag}"'}
    if any(known.value in (tag, "*") for known in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, content_type="application/json", headers=headers)
