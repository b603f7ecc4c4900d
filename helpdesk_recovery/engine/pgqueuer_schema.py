"""What pgqueuer keeps in the database: its tables under fixed names, and the one trigger we add."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from pgqueuer import AsyncpgDriver, AsyncpgPoolDriver, Queries
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.domain.settings import DBSettings, Durability

TABLE_PREFIX: Final = "pgqueuer"
"""Every table whose name starts so is pgqueuer's own and none of the migrations' business."""

KEEP_LOG = timedelta(hours=1)

# Each name is given: pgqueuer would also take them from variables called CHANNEL, TRIGGER or QUEUE_TABLE.
# The job table is durable; log and statistics, which nobody here reads, skip the write-ahead log.
SETTINGS: Final = DBSettings(
    prefix="",
    db_schema=None,
    channel="ch_pgqueuer",
    function="fn_pgqueuer_changed",
    statistics_table=f"{TABLE_PREFIX}_statistics",
    queue_status_type=f"{TABLE_PREFIX}_status",
    queue_table=TABLE_PREFIX,
    queue_table_log=f"{TABLE_PREFIX}_log",
    trigger="tg_pgqueuer_changed",
    schedules_table=f"{TABLE_PREFIX}_schedules",
    durability=Durability.balanced,
    widen_id=True,
)

_FREE_KEY: Final = f"tg_{TABLE_PREFIX}_free_key"

# pgqueuer holds a dedupe key until its job is done. What is written while the job runs would then wake nobody.
_FREE_KEY_ON_START: Final = f"""
CREATE OR REPLACE FUNCTION fn_{TABLE_PREFIX}_free_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.dedupe_key := NULL;
    RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER {_FREE_KEY} BEFORE UPDATE OF status ON {TABLE_PREFIX}
FOR EACH ROW WHEN (NEW.status = 'picked' AND NEW.dedupe_key IS NOT NULL)
EXECUTE FUNCTION fn_{TABLE_PREFIX}_free_key();
"""


def queries_on(driver: AsyncpgDriver | AsyncpgPoolDriver) -> Queries:
    """Return pgqueuer's queries over *driver*, with our names."""
    return Queries(
        driver,
        qbe=QueryBuilderEnvironment(SETTINGS),
        qbq=QueryQueueBuilder(SETTINGS),
        qbs=QuerySchedulerBuilder(SETTINGS),
    )


async def install(driver: AsyncpgDriver) -> None:
    """Create or upgrade pgqueuer's tables and our trigger; *driver* must sit on one connection of its own."""
    queries = queries_on(driver)
    async with queries.schema_lock():
        if await queries.schema_is_installed():
            await queries.apply_upgrade()
        else:
            await queries.install()
        if not await queries.has_trigger(_FREE_KEY):
            await driver.execute(_FREE_KEY_ON_START)


async def prune(driver: AsyncpgPoolDriver | AsyncpgDriver) -> None:
    """Delete log rows older than ``KEEP_LOG``: pgqueuer writes three for every job and never deletes one."""
    await driver.execute(
        f"DELETE FROM {SETTINGS.queue_table_log} WHERE created < now() - $1::interval",  # noqa: S608
        KEEP_LOG,
    )
