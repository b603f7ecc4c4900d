"""The ack path: deliveries are gathered and committed together, and only then acknowledged."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from helpdesk_recovery.domain.delivery import Delivery
from helpdesk_recovery.errors import StoreUnavailable
from helpdesk_recovery.storage import deliveries
from helpdesk_recovery.storage.database import Database
from helpdesk_recovery.storage.ids import new_id
from helpdesk_recovery.storage.schema import micros

MAX_WAITING = 2048
MAX_BATCH = 512

Enqueue = Callable[[Connection, tuple[str, ...]], None]
"""Asks the engine, in the caller's transaction, to work these delivery ids."""


class Inbox:
    """One group-commit writer: ``put`` returns after COMMIT, or raises StoreUnavailable and kept nothing."""

    def __init__(self, database: Database, enqueue: Enqueue, *, wake: Callable[[], None]) -> None:
        self._database = database
        self._enqueue = enqueue
        self._wake = wake
        self._waiting: list[tuple[deliveries.Row, asyncio.Future[None]]] = []
        self._draining: asyncio.Task[None] | None = None

    async def put(self, connection_id: str, delivery: Delivery, content_key: bytes, signed_id: str | None) -> None:
        """Keep *delivery*; the same content or signed id again is kept once and acknowledged alike."""
        if len(self._waiting) >= MAX_WAITING:
            raise StoreUnavailable("the inbox is full", reason="full")
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((_row(connection_id, delivery, content_key, signed_id), done))
        if self._draining is None or self._draining.done():
            self._draining = asyncio.get_running_loop().create_task(self._drain())
        await done

    async def close(self) -> None:
        """Wait until everything taken in is committed."""
        if self._draining is not None:
            await asyncio.wait([self._draining])

    async def _drain(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
            await self._commit(batch)

    async def _commit(self, batch: list[tuple[deliveries.Row, asyncio.Future[None]]]) -> None:
        rows = sorted((row for row, _ in batch), key=_content_key)  # one lock order for all writers
        try:
            await self._database.write(lambda connection: self._keep(connection, rows))
        except Exception as error:
            failure = error if isinstance(error, StoreUnavailable) else StoreUnavailable(f"inbox: {error}")
            _answer(batch, failure)
            return
        self._wake()
        _answer(batch, None)

    def _keep(self, connection: Connection, rows: list[deliveries.Row]) -> None:
        deliveries.append(connection, rows)
        self._enqueue(connection, tuple(row[0] for row in rows))


def _content_key(row: deliveries.Row) -> bytes:
    return row[3]


def _answer(batch: list[tuple[Any, asyncio.Future[None]]], failure: Exception | None) -> None:
    for _, done in batch:
        if done.done():
            continue
        if failure is None:
            done.set_result(None)
        else:
            done.set_exception(failure)


def _row(connection_id: str, delivery: Delivery, content_key: bytes, signed_id: str | None) -> deliveries.Row:
    headers = json.dumps(delivery.headers)
    return (new_id("del"), connection_id, micros(delivery.received_at), content_key, signed_id, headers, delivery.body)
