"""Typed keys of the application's state."""

from __future__ import annotations

from aiohttp import web

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.web.book import ConnectionBook

SERVICES = web.AppKey("services", Services)
BOOK = web.AppKey("book", ConnectionBook)
DRAINING = web.AppKey("draining", list[bool])
"""Non-empty while we shut down: ``/readyz`` says no, the door still answers."""
UNDER_WAY = web.AppKey("under_way", set[int])
"""The requests (their ``id``) that are being answered at this moment."""
