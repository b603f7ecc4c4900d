"""Our webhook door as ``serve`` runs it, without the worker that SQLite has in the same process.

    python -m benchmarks.doors.ours DATABASE_URL [--forget]

With ``--forget`` nothing is stored: the same handler over an inbox that only answers.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from dataclasses import replace
from typing import Any, cast

from pydantic import SecretStr

from benchmarks.deliveries import SECRET
from helpdesk_recovery.bootstrap import Services, build
from helpdesk_recovery.cli.run import run_async
from helpdesk_recovery.cli.store import put_connection
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.settings import Settings
from helpdesk_recovery.storage import migrate
from helpdesk_recovery.storage.inbox import Inbox
from helpdesk_recovery.telemetry import start_logging
from helpdesk_recovery.web.app import create_app
from helpdesk_recovery.web.serve import serve

PATH = "/webhooks/standard/shop"


class ForgetfulInbox:
    """Takes everything and keeps nothing."""

    async def put(self, *_: Any) -> None:
        """Return at once."""

    async def close(self) -> None:
        """Have nothing to finish."""


async def _main(url: str, *, forget: bool) -> None:
    services = build(Settings(secret_key=SecretStr("f3Qz8wLr1Vn6Xb0Ty5Km9Ch2Pd7Js4Ga"), database_url=SecretStr(url)))
    try:
        await _prepare(services)
        if forget:
            services = replace(services, inbox=cast(Inbox, ForgetfulInbox()))
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        await serve(create_app(services), "127.0.0.1", 0, stop, _say)
    finally:
        await services.close()


async def _prepare(services: Services) -> None:
    await services.database.write(migrate.upgrade)
    await services.engine.prepare()
    shop = Connection(id="conn_shop", account="", helpdesk="standard", name="shop", url=None, secrets=(SECRET,))
    await put_connection(services, "shop", shop)


def _say(port: int) -> None:
    print(json.dumps({"port": port}), flush=True)


if __name__ == "__main__":
    start_logging()
    run_async(_main(sys.argv[1], forget="--forget" in sys.argv))
