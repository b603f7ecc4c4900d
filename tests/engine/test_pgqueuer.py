"""What can go wrong between pgqueuer, SQLAlchemy and PostgreSQL only."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from pgqueuer import AsyncpgDriver
from sqlalchemy import Connection, text
from sqlalchemy.util import await_only

from helpdesk_recovery.engine.pgqueuer_jobs import ENTRYPOINT, ListeningDriver
from helpdesk_recovery.engine.pgqueuer_schema import KEEP_LOG, TABLE_PREFIX, prune, queries_on
from helpdesk_recovery.engine.port import Job
from helpdesk_recovery.errors import StoreUnavailable

_CUT_ALL_OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() {}"
_WAITING = "SELECT count(*) FROM pgqueuer"

# A sequence counts past a rollback.
_REFUSE_TO_TAKE_BACK = """
CREATE SEQUENCE tries;
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF nextval('tries') <= {refusals} THEN RAISE 'the disk is full'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refuse BEFORE UPDATE ON pgqueuer
FOR EACH ROW WHEN (OLD.status = 'picked' AND NEW.status = 'queued') EXECUTE FUNCTION refuse();
"""


def _job(number: object, **more: Any) -> Job:
    return Job("advance", (str(number),), **more)


class _Refused(Exception):
    pass


async def test_without_our_first_statement_a_rollback_would_leave_the_job(on_postgres: Any) -> None:
    """The control: when this fails, SQLAlchemy begins at once, and the statement in ``enqueue`` can go."""

    def raw_first(connection: Connection) -> None:
        raw: Any = connection.connection.driver_connection
        await_only(queries_on(AsyncpgDriver(raw)).enqueue(ENTRYPOINT, b"{}"))
        raise _Refused

    with pytest.raises(_Refused):
        await on_postgres.database.write(raw_first)
    assert await on_postgres.database.read(lambda connection: connection.scalar(text(_WAITING))) == 1


async def test_a_waiting_job_cannot_run_past_a_transaction_that_repeats_it(
    on_postgres: Any, seen: Any, running: Any
) -> None:
    engine, repeated, commit = on_postgres.engine(), asyncio.Event(), asyncio.Event()

    def repeats(connection: Connection) -> None:
        connection.execute(text("INSERT INTO news VALUES ('any news?')"))
        engine.enqueue(connection, _job("twin", dedupe="case 1"))
        repeated.set()
        await_only(commit.wait())

    async def handler(job: Job) -> None:
        news = await on_postgres.database.read(lambda connection: connection.scalar(text("SELECT * FROM news")))
        await seen.add(job.ids[0], news)

    await on_postgres.database.write(lambda connection: connection.execute(text("CREATE TABLE news (it text)")))
    await on_postgres.enqueue(_job("case 1", dedupe="case 1"), _job("other"))
    writing = asyncio.create_task(on_postgres.database.write(repeats))
    await repeated.wait()
    async with running(engine, handler):
        await seen.until("other")
        commit.set()
        await writing
        await seen.until("case 1")
    assert seen.ids == ["other", None, "case 1", "any news?"]


async def test_the_same_key_from_two_transactions_at_once_waits_once(on_postgres: Any, seen: Any, running: Any) -> None:
    engine, first_in, commit = on_postgres.engine(), asyncio.Event(), asyncio.Event()

    def first(connection: Connection) -> None:
        engine.enqueue(connection, _job("first", dedupe="case 1"))
        first_in.set()
        await_only(commit.wait())

    def second(connection: Connection) -> None:
        engine.enqueue(connection, _job("second", dedupe="case 1"))
        engine.enqueue(connection, _job("other"))

    writes = [asyncio.create_task(on_postgres.database.write(first))]
    await first_in.wait()
    writes.append(asyncio.create_task(on_postgres.database.write(second)))
    commit.set()
    await asyncio.gather(*writes)
    async with running(engine, seen):
        await seen.until("first", "other")
    assert seen.ids == ["first", "other"]


async def test_a_job_that_is_being_claimed_when_we_stop_is_given_back(
    on_postgres: Any, seen: Any, running: Any
) -> None:
    engine = on_postgres.engine()
    other = await asyncpg.connect(on_postgres.url)
    await on_postgres.enqueue(_job(1))
    async with running(engine, seen):
        await seen.until("1")
        await on_postgres.idle()
        async with other.transaction():
            await other.execute("LOCK TABLE pgqueuer IN SHARE MODE")  # the next claim waits for us
            await queries_on(AsyncpgDriver(other)).enqueue(ENTRYPOINT, b'{"kind": "advance", "ids": ["2"]}')
            async with asyncio.timeout(20):
                while not await other.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                    pass
            engine.stop()
    await other.close()
    assert seen.ids == ["1"]
    async with running(on_postgres.engine(), seen):
        await seen.until("2", seconds=3)


async def test_a_notification_sent_before_we_listen_is_not_missed(on_postgres: Any) -> None:
    heard = asyncio.Event()
    async with asyncpg.create_pool(on_postgres.url) as pool, ListeningDriver(pool) as driver:
        early = asyncio.create_task(driver.notify("ch_pgqueuer", "are you there?"))
        await driver.fetch("SELECT pg_sleep(0)")  # time enough for an early one to get lost
        await driver.add_listener("ch_pgqueuer", lambda _: heard.set())
        async with asyncio.timeout(5):
            await early
            await heard.wait()


@pytest.mark.faults
async def test_cut_connections_are_opened_again_and_nothing_is_lost(on_postgres: Any, seen: Any, running: Any) -> None:
    async def handler(job: Job) -> None:
        if job.ids == ("1",) and "cut" not in seen.ids:
            connection = await asyncpg.connect(on_postgres.url)
            await connection.execute(_CUT_ALL_OTHERS.format("AND datname = current_database()"))
            await connection.close()
            await seen.add("cut")
            raise _Refused
        await seen(job)

    await on_postgres.enqueue(_job(1), _job(2))
    await on_postgres.database.close()  # else it would hold cut connections too
    async with running(on_postgres.engine(), handler):
        await seen.until("cut", "1", "2")
        await on_postgres.enqueue(_job(3))
        await seen.until("3")
    assert sorted(seen.ids) == ["1", "2", "3", "cut"]


@pytest.mark.faults
@pytest.mark.parametrize("refusals", [1, 3])
async def test_a_failed_job_that_cannot_be_given_back_is_not_lost(
    on_postgres: Any, seen: Any, running: Any, refusals: int
) -> None:
    """With one refusal giving back is tried again; with three the engine starts over and the lease runs out."""
    failed = False

    async def handler(job: Job) -> None:
        nonlocal failed
        if not failed:
            failed = True
            raise _Refused
        await seen(job)

    connection = await asyncpg.connect(on_postgres.url)
    await connection.execute(_REFUSE_TO_TAKE_BACK.format(refusals=refusals))
    await connection.close()
    await on_postgres.enqueue(_job(1))
    async with running(on_postgres.engine(timedelta(seconds=1)), handler):
        await seen.until("1")
    assert seen.ids == ["1"]


@pytest.mark.faults
async def test_enqueueing_over_a_cut_connection_says_that_the_store_is_away(
    on_postgres: Any, seen: Any, running: Any
) -> None:
    engine = on_postgres.engine()

    def cut(connection: Connection) -> None:
        mine = connection.scalar(text("SELECT pg_backend_pid()"))
        await_only(_cut(on_postgres.url, mine))
        engine.enqueue(connection, _job(1))

    with pytest.raises(StoreUnavailable):
        await on_postgres.database.write(cut)
    await on_postgres.enqueue(_job(2))
    async with running(engine, seen):
        await seen.until("2")
    assert seen.ids == ["2"]


async def _cut(url: str, pid: int) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(_CUT_ALL_OTHERS.format(f"AND pid = {pid}"))
    await connection.close()


async def test_old_log_rows_go_and_fresh_ones_stay(on_postgres: Any) -> None:
    await on_postgres.enqueue(_job("logged"))
    connection = await asyncpg.connect(on_postgres.url)
    fresh = await connection.fetchval("SELECT count(*) FROM pgqueuer_log")
    await connection.execute(
        "INSERT INTO pgqueuer_log (created, job_id, status, priority, entrypoint) "
        "SELECT now() - $1::interval - interval '1 second', 1, 'successful', 0, 'x' FROM generate_series(1, 9)",
        KEEP_LOG,
    )
    await prune(AsyncpgDriver(connection))
    assert await connection.fetchval("SELECT count(*) FROM pgqueuer_log") == fresh == 1
    await connection.close()


async def test_all_that_it_creates_carries_the_prefix_that_migrations_leave_alone(on_postgres: Any) -> None:
    connection = await asyncpg.connect(on_postgres.url)
    rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    await connection.close()
    foreign = {row["tablename"] for row in rows} - {"jobs"}
    assert len(foreign) == 4
    assert all(name.startswith(TABLE_PREFIX) for name in foreign)


async def test_names_do_not_come_from_the_environment(on_postgres: Any, start_process: Any) -> None:
    """pgqueuer also reads variables as plain as CHANNEL and QUEUE_TABLE; a host may have them for other things."""
    await on_postgres.enqueue(_job(1))
    worker = await start_process(on_postgres.url, CHANNEL="theirs", QUEUE_TABLE="theirs", PGQUEUER_PREFIX="theirs_")
    assert await worker.says() == "started 1"
