"""``serve`` with an inbox that answers before it commits: the control of test_kill.py. Argument: the port."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.cli.run import with_services
from helpdesk_recovery.cli.serve import run_all, stop_on_signals
from helpdesk_recovery.domain.delivery import Delivery
from helpdesk_recovery.storage.inbox import Inbox


class HastyInbox(Inbox):
    """Puts like the real one, and does not wait for it."""

    def __init__(self, real: Inbox) -> None:
        self._real = real
        self._later: set[asyncio.Task[None]] = set()

    async def put(self, connection_id: str, delivery: Delivery, content_key: bytes, signed_id: str | None) -> None:
        task = asyncio.create_task(self._real.put(connection_id, delivery, content_key, signed_id))
        self._later.add(task)
        task.add_done_callback(self._later.discard)

    async def close(self) -> None:
        await self._real.close()


async def serve(services: Services) -> None:
    hasty = replace(services, inbox=HastyInbox(services.inbox))
    await run_all(hasty, "127.0.0.1", int(sys.argv[1]), stop_on_signals())


if __name__ == "__main__":
    with_services(serve)
