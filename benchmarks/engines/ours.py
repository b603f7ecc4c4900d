"""Our worker, all of it: deliveries lie in the inbox, and it runs until every note is written.

python -m benchmarks.engines.ours DATABASE_URL TICKETS
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
import time
from collections.abc import Iterator

from pydantic import SecretStr

from benchmarks.engines.steps import CONNECTION, ManyTickets, bare_cpu_seconds, say
from helpdesk_recovery.bootstrap import Services, build
from helpdesk_recovery.cli.run import run_async
from helpdesk_recovery.cli.store import put_connection
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.delivery import Delivery
from helpdesk_recovery.plugins import Plugins
from helpdesk_recovery.settings import Settings
from helpdesk_recovery.storage import connections, migrate
from helpdesk_recovery.telemetry import start_logging
from helpdesk_recovery.worker.run import Worker

_AT_ONCE = 64


async def _main(url: str, count: int) -> None:
    helpdesk = ManyTickets()
    settings = Settings(secret_key=SecretStr("f3Qz8wLr1Vn6Xb0Ty5Km9Ch2Pd7Js4Ga"), database_url=SecretStr(url))
    services = build(settings, plugins=Plugins({"memory": helpdesk}))
    try:
        await _fill(services, helpdesk.file(count))
        bare = [bare_cpu_seconds(count)]
        before = time.process_time()
        await _work(services, helpdesk, count)
        total = time.process_time() - before
        bare.append(bare_cpu_seconds(count))
    finally:
        await services.close()
    helpdesk.must_be_noted()
    say(count, bare, total)


async def _fill(services: Services, bodies: list[bytes]) -> None:
    """Put the deliveries into the inbox as the door does under load."""
    await services.database.write(migrate.upgrade)
    await services.engine.prepare()
    await put_connection(services, "shop", CONNECTION)
    shop = await services.database.read(lambda sql: connections.named(sql, "shop", services.sealer))
    waiting = iter(bodies)
    await asyncio.gather(*(_deliver(services, shop, waiting) for _ in range(_AT_ONCE)))


async def _deliver(services: Services, shop: Connection, waiting: Iterator[bytes]) -> None:
    for body in waiting:
        delivery = Delivery(shop.name, (("content-type", "application/json"),), body, services.clock())
        await services.inbox.put(shop.id, delivery, hashlib.sha256(body).digest(), None)


async def _work(services: Services, helpdesk: ManyTickets, count: int) -> None:
    worker = Worker(services)
    left = count

    def one_more() -> None:
        nonlocal left
        left -= 1
        if not left:
            worker.stop()

    helpdesk.after_write = one_more
    await worker.run()


if __name__ == "__main__":
    start_logging("warning")
    run_async(_main(sys.argv[1], int(sys.argv[2])))
