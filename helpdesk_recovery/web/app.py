"""The application: routes, and nothing that runs on import."""

from __future__ import annotations

from aiohttp import web

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.web.api.routes import api_routes
from helpdesk_recovery.web.book import ConnectionBook
from helpdesk_recovery.web.door import receive_webhook
from helpdesk_recovery.web.draining import counted
from helpdesk_recovery.web.keys import BOOK, DRAINING, SERVICES, UNDER_WAY
from helpdesk_recovery.web.operations import alive, metrics, ready
from helpdesk_recovery.web.problems import problems


def create_app(services: Services) -> web.Application:
    """Make the application of ``serve``: door, API and what operators watch."""
    app = create_operations_app(services)
    app[BOOK] = ConnectionBook(services)
    app.router.add_post("/webhooks/{helpdesk}/{connection}", receive_webhook)
    app.add_routes(api_routes())
    return app


def create_operations_app(services: Services) -> web.Application:
    """Make an application with nothing but what operators watch, for a process that only works."""
    app = web.Application(middlewares=[counted, problems], client_max_size=services.settings.max_body_bytes)
    app[SERVICES] = services
    app[DRAINING] = []
    app[UNDER_WAY] = set()
    app.router.add_get("/healthz", alive)
    app.router.add_get("/readyz", ready)
    app.router.add_get("/metrics", metrics)
    return app
