"""Group commit for any kind of work: concurrent callers' items go through one function in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from sqlalchemy import Connection

from helpdesk_recovery.errors import StoreUnavailable
from helpdesk_recovery.storage.database import Database

Item = TypeVar("Item")
Result = TypeVar("Result")
MOST = 128


class Together(Generic[Item, Result]):
    """Collects items while a transaction is under way; *work* gets them in order and returns a result for each.

    When a group fails it is tried again one by one, so that one bad item fails alone.
    """

    def __init__(self, database: Database, work: Callable[[Connection, Sequence[Item]], Sequence[Result]]) -> None:
        self._database = database
        self._work = work
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._draining: asyncio.Task[None] | None = None

    async def do(self, item: Item) -> Result:
        """Add *item* to the next group; return its result once that is durable."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Result] = loop.create_future()
        self._waiting.append((item, done))
        if self._draining is None or self._draining.done():
            self._draining = loop.create_task(self._drain())
        return await done

    async def _drain(self) -> None:
        await asyncio.sleep(0)  # let callers that are ready now join the first group
        while self._waiting:
            group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            await self._commit(group)

    async def _commit(self, group: Sequence[tuple[Item, asyncio.Future[Result]]]) -> None:
        items = [item for item, _ in group]
        try:
            results = await self._database.write(lambda sql: self._work(sql, items))
        except Exception as error:
            if len(group) > 1 and not isinstance(error, StoreUnavailable):
                for one in group:
                    await self._commit([one])
                return
            _fail(group, error)
            return
        for (_, done), result in zip(group, results, strict=True):
            if not done.done():
                done.set_result(result)


def _fail(group: Sequence[tuple[Item, asyncio.Future[Result]]], error: Exception) -> None:
    for _, done in group:
        if not done.done():
            done.set_exception(error)
