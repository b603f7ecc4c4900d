"""Put the parts together: the one place that knows every part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from helpdesk_recovery.engine.port import Engine, Job
from helpdesk_recovery.pipeline.ports import Clock
from helpdesk_recovery.plugins import Plugins, installed
from helpdesk_recovery.settings import Settings
from helpdesk_recovery.storage.database import Conflict, Database, open_database
from helpdesk_recovery.storage.inbox import Inbox
from helpdesk_recovery.storage.seal import Sealer

T = TypeVar("T")

DELIVERIES = "deliveries"
CASES = "cases"


def utc_now() -> datetime:
    """Return now, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a running process needs; ``close`` lets go of all of it."""

    settings: Settings
    plugins: Plugins
    database: Database
    engine: Engine
    inbox: Inbox
    sealer: Sealer
    clock: Clock

    def enqueue_cases(self, connection: Any, case_ids: tuple[str, ...], run_at: datetime | None = None) -> None:
        """Ask the engine, in the caller's transaction, to advance these cases."""
        self.engine.enqueue(connection, Job(CASES, case_ids, run_at))

    async def again_on_conflict(self, work: Callable[[Any], T]) -> T:
        """Run *work* in a transaction, and once more when another process inserted the same at this moment."""
        try:
            return await self.database.write(work)
        except Conflict:
            return await self.database.write(work)

    async def close(self) -> None:
        """Finish what is under way and close the database."""
        await self.inbox.close()
        await self.database.close()


def build(settings: Settings, *, plugins: Plugins | None = None, clock: Clock = utc_now) -> Services:
    """Make the services of one process; nothing talks yet."""
    database = open_database(settings.database)
    engine = _engine(settings, database)
    inbox = Inbox(database, partial(_enqueue_deliveries, engine), wake=engine.wake)
    sealer = Sealer(settings.secret_key.get_secret_value())
    return Services(settings, plugins or installed(), database, engine, inbox, sealer, clock)


def _engine(settings: Settings, database: Database) -> Engine:
    if database.dialect == "sqlite":
        from helpdesk_recovery.engine.in_process import InProcessEngine
        from helpdesk_recovery.storage.jobs import JobTable

        return InProcessEngine(JobTable(database))
    from helpdesk_recovery.engine.pgqueuer import PgqueuerEngine
    from helpdesk_recovery.storage.postgres import asyncpg_dsn, await_only

    return PgqueuerEngine(asyncpg_dsn(settings.database), await_only=await_only)


def _enqueue_deliveries(engine: Engine, connection: Any, ids: tuple[str, ...]) -> None:
    engine.enqueue(connection, Job(DELIVERIES, ids))
