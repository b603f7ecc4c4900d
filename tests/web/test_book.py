"""The door's book of connections: read once for a crowd, and nobody in it is turned away meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.web.book import ConnectionBook


class Counted:
    """A database that counts what is read."""

    dialect = "any"

    def __init__(self, database: Any) -> None:
        self._database = database
        self.reads = 0

    async def read(self, work: Any) -> Any:
        self.reads += 1
        return await self._database.read(work)


async def test_the_first_crowd_after_a_start_finds_its_connection_with_one_read(
    services: Services, connection: Connection
) -> None:
    database = Counted(services.database)
    book = ConnectionBook(replace(services, database=database))  # type: ignore[arg-type]
    found = await asyncio.gather(*(book.find("memory", "shop") for _ in range(50)))
    assert found == [connection] * 50
    assert database.reads == 1
