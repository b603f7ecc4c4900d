"""A real Request Tracker 5 on loopback, everything in one folder: for demonstrations and tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from helpdesk_recovery_webhooks.request_tracker.demo.desk import RunningDesk
from helpdesk_recovery_webhooks.request_tracker.demo.server import Server
from helpdesk_recovery_webhooks.request_tracker.demo.site import Site, lacking

PACKAGES = "request-tracker5 rt5-db-sqlite rt5-standalone"


class RequestTrackerDemo:
    """Starts Request Tracker from Debian's packages; nothing is written under /etc, /usr or /var.

    *template* is a folder that keeps a database once made, so that several starts share the seconds it takes.
    """

    helpdesk = "request_tracker"

    def __init__(self, template: Path | None = None) -> None:
        self._template = template

    def missing(self) -> str | None:
        """Say which Debian packages to install first, or None when Request Tracker is there."""
        absent = lacking()
        if not absent:
            return None
        return (
            f"Request Tracker 5 is not installed ({', '.join(absent)} not found). On Debian 12 or Ubuntu: "
            f"apt-get install --no-install-recommends {PACKAGES}"
        )

    def start(self, folder: Path, webhook_url: str, secret: str, say: Callable[[str], None]) -> RunningDesk:
        """Start it with its database, mail and logs in *folder*, calling *webhook_url* on every event.

        The first start takes about 20 s, later ones in the same folder half of it. Raise RuntimeError, with
        the end of the log, when a step fails.
        """
        site = Site(folder, self._template)
        server = Server(site)
        server.stop()
        site.configure(webhook_url, secret)
        if not site.ready():
            say("Request Tracker: making its database")
            site.make_database()
        say(f"Request Tracker: starting at {site.base_url}")
        server.start()
        return RunningDesk(site, server)


DEMO = RequestTrackerDemo()
