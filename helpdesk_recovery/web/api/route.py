"""One line of the route table: from it come the guarded handler and its page in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web
from pydantic import BaseModel

from helpdesk_recovery.storage.staff import ApiToken
from helpdesk_recovery.tokens.kind import Scope
from helpdesk_recovery.web.api.query import Query

Handle = Callable[[web.Request, ApiToken], Awaitable[BaseModel]]


@dataclass(frozen=True, slots=True)
class Route:
    """A GET. *scope* is what the caller's token must have (None: any live token will do)."""

    path: str
    summary: str
    scope: Scope | None
    handle: Handle
    answer: type[BaseModel]
    query: type[Query] | None = None
    single: bool = False
