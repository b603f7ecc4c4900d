"""What stands after the question mark, checked."""

from __future__ import annotations

import re
from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from helpdesk_recovery.errors import NotFound, RecoveryError


class QueryInvalid(RecoveryError):
    """A query parameter is wrong; the message names it."""

    reason = "query"


class Query(BaseModel):
    """Query parameters; one that is not known is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PageQuery(Query):
    """Which part of a listing."""

    limit: int = Field(default=50, ge=1, le=200, description="How many at most.")


Q = TypeVar("Q", bound=Query)


def read_query(kind: type[Q], request: web.Request) -> Q:
    """Read the query parameters; raise QueryInvalid naming each wrong one."""
    given = request.query
    doubled = sorted({name for name in given if len(given.getall(name)) > 1})
    if doubled:
        raise QueryInvalid(f"{doubled[0]}: give it once.")
    try:
        return kind.model_validate(dict(given))
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        raise QueryInvalid(" ".join(f"{fault['loc'][0]}: {fault['msg']}." for fault in faults)) from None


def next_page(request: web.Request, after: str | None) -> str | None:
    """Return the relative URL of the next page, which begins behind *after*."""
    return None if after is None else str(request.rel_url.update_query(after=after))


def path_part(request: web.Request, name: str) -> str:
    """Return an id out of the path; raise NotFound for what can be no id, before a database sees it."""
    value = request.match_info[name]
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", value):
        raise NotFound("There is no such thing in this account.")
    return value
