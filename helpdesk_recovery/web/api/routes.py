"""The table of the API's routes."""

from __future__ import annotations

import json
from functools import cache

from aiohttp import web

from helpdesk_recovery.tokens.kind import Scope
from helpdesk_recovery.web.api import cases, connections, me, offers, users
from helpdesk_recovery.web.api.guard import needs
from helpdesk_recovery.web.api.openapi import document
from helpdesk_recovery.web.api.respond import NO_STORE
from helpdesk_recovery.web.api.route import Route

ROUTES = (
    Route("/api/v1/me", "Who is asking", None, me.show, me.Me),
    Route(
        "/api/v1/connections",
        "The connected helpdesks",
        Scope.CONNECTIONS_READ,
        connections.listed,
        connections.ConnectionsOut,
    ),
    Route("/api/v1/cases", "Cases", Scope.CASES_READ, cases.listed, cases.CasesOut, query=cases.CasesQuery),
    Route(
        "/api/v1/cases/{id}", "The whole life of a case", Scope.CASES_READ, cases.show, cases.CaseLifeOut, single=True
    ),
    Route("/api/v1/offers", "Offers", Scope.OFFERS_READ, offers.listed, offers.OffersOut, query=offers.OffersQuery),
    Route("/api/v1/offers/{reference}", "One offer", Scope.OFFERS_READ, offers.show, offers.OfferOut, single=True),
    Route("/api/v1/users", "Members of staff", Scope.STAFF_READ, users.listed, users.UsersOut),
)


def api_routes() -> list[web.RouteDef]:
    """Return every route of the API, guarded, and the document that describes them."""
    guarded = [web.get(one.path, needs(one.scope, single=one.single)(one.handle)) for one in ROUTES]
    return [*guarded, web.get("/openapi.json", _describe)]


async def _describe(_: web.Request) -> web.Response:
    return web.Response(body=_document(), content_type="application/json", headers=NO_STORE)


@cache
def _document() -> bytes:
    return json.dumps(document(ROUTES)).encode()
