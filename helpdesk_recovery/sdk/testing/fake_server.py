"""A stand-in for a helpdesk on loopback, and the ways in which a real one fails."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from aiohttp import web
from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Handler, Middleware

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_ELSEWHERE = "/elsewhere-and-never-asked"


class Wrote(NamedTuple):
    """Something that was written on the fake helpdesk's ticket, and whether the requester sees it."""

    text: str
    public: bool


class FakeHelpdesk(Protocol):
    """What a subclass of the contract gives: routes that answer like the helpdesk, over one ticket.

    ``ticket_id`` is a ticket it has. ``base_path`` is what its URL has after the host ("" or "/helpdesk").
    """

    ticket_id: str
    base_path: str

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Return the routes, with full paths."""
        ...

    def written(self) -> Sequence[Wrote]:
        """Return the notes and replies written so far, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class Fault:
    """How the server fails. ``on`` is "read", "write" or "all"; ``handled`` lets the helpdesk do its work first.

    With ``status`` 0 the connection is dropped instead of an answer.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    on: str = "all"
    handled: bool = False

    def hits(self, request: web.Request) -> bool:
        """Tell whether *request* is one that fails."""
        kind = "read" if request.method in _READING else "write"
        return self.on in (kind, "all")


@dataclass(slots=True)
class Served:
    """A running fake helpdesk; clear ``fault`` to make it well again. ``paths`` is what was asked."""

    url: str
    fake: FakeHelpdesk
    fault: Fault | None
    paths: list[str]

    @property
    def strayed(self) -> bool:
        """Whether somebody followed a redirect."""
        return _ELSEWHERE in self.paths


def redirect(status: int = 302) -> Fault:
    """A redirect to another page of the same server."""
    return Fault(status, {"Location": _ELSEWHERE})


@asynccontextmanager
async def serve(fake: FakeHelpdesk, fault: Fault | None = None) -> AsyncIterator[Served]:
    """Run *fake* on a free loopback port."""
    served = Served("", fake, fault, [])
    app = web.Application(middlewares=[_failing(served)])
    app.add_routes(fake.routes())
    async with TestServer(app) as server:
        served.url = str(server.make_url("/")).rstrip("/") + fake.base_path
        yield served


def _failing(served: Served) -> Middleware:
    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        served.paths.append(request.path)
        fault = served.fault
        if fault is None or not fault.hits(request):
            return await handler(request)
        if fault.handled:
            await handler(request)
        if fault.status == 0 and request.transport is not None:
            request.transport.abort()
        return web.Response(status=fault.status or 500, headers=dict(fault.headers), body=fault.body)

    return middleware
