"""One transaction a piece of work, on both databases."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import Connection, text

from helpdesk_recovery.errors import ConfigurationInvalid, StoreUnavailable
from helpdesk_recovery.storage import migrate, switch
from helpdesk_recovery.storage.all_tables import metadata
from helpdesk_recovery.storage.database import Database, open_database


def _put(key: str) -> object:
    def work(sql: Connection) -> None:
        sql.execute(text("INSERT INTO installation (key, value) VALUES (:key, 'x')"), {"key": key})

    return work


def _keys(sql: Connection) -> set[str]:
    return set(sql.execute(text("SELECT key FROM installation WHERE key <> 'probe'")).scalars())


async def test_what_a_failing_piece_of_work_wrote_is_undone_and_its_neighbours_stay(database: Database) -> None:
    def broken(sql: Connection) -> None:
        _put("broken")(sql)  # type: ignore[operator]
        raise ValueError("no")

    works = [_put("a"), broken, _put("b"), _put("c")]
    results = await asyncio.gather(*map(database.write, works), return_exceptions=True)  # type: ignore[arg-type]
    assert [type(one).__name__ for one in results] == ["NoneType", "ValueError", "NoneType", "NoneType"]
    assert await database.read(_keys) == {"a", "b", "c"}


async def test_a_piece_of_work_that_breaks_a_constraint_fails_alone(database: Database) -> None:
    await database.write(_put("a"))  # type: ignore[arg-type]
    works = [_put("b"), _put("a"), _put("c")]
    results = await asyncio.gather(*map(database.write, works), return_exceptions=True)  # type: ignore[arg-type]
    assert [isinstance(one, Exception) for one in results] == [False, True, False]
    assert await database.read(_keys) == {"a", "b", "c"}


async def test_a_full_disk_is_said_and_nothing_of_the_group_is_acknowledged(tmp_path: object) -> None:
    database = open_database(f"sqlite:///{tmp_path}/full.sqlite3")
    await database.write(migrate.upgrade)

    def limit(sql: Connection) -> None:
        pages = sql.exec_driver_sql("PRAGMA page_count").scalar_one()
        sql.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    def big(sql: Connection) -> None:
        statement = text("INSERT INTO installation (key, value) VALUES ('big', :value)")
        sql.execute(statement, {"value": "x" * 100_000})

    await database.write(limit)
    works = [_put("small"), big]
    results = await asyncio.gather(*map(database.write, works), return_exceptions=True)  # type: ignore[arg-type]
    kept = await database.read(_keys)
    assert isinstance(results[1], StoreUnavailable)
    assert ("small" in kept) == (results[0] is None)
    assert "big" not in kept
    await database.close()


async def test_sqlite_waits_for_the_disk_on_every_commit(tmp_path: object) -> None:
    database = open_database(f"sqlite:///{tmp_path}/safe.sqlite3")
    pragmas = await database.write(
        lambda sql: (
            sql.exec_driver_sql("PRAGMA journal_mode").scalar_one(),
            sql.exec_driver_sql("PRAGMA synchronous").scalar_one(),
        )
    )
    await database.close()
    assert pragmas == ("wal", 2)


async def test_a_database_that_is_not_there_is_said_in_words() -> None:
    database = open_database("postgresql://nobody@127.0.0.1:1/nothing")
    with pytest.raises(StoreUnavailable):
        await database.read(_keys)
    await database.close()


def test_another_kind_of_database_is_refused_with_what_to_use() -> None:
    with pytest.raises(ConfigurationInvalid, match="sqlite:///path"):
        open_database("mysql://localhost/recovery")


async def test_the_migrations_make_exactly_the_tables_that_the_code_uses(database: Database) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from helpdesk_recovery.storage.schema import Instant

    def differences(sql: Connection) -> list[object]:
        options = {
            "include_name": lambda name, kind, _: kind != "table" or name in metadata.tables,
            "compare_type": lambda c, i, m, it, mt: False if isinstance(mt, Instant) else None,
        }
        return list(compare_metadata(MigrationContext.configure(sql, opts=options), metadata))

    assert await database.read(differences) == []
    assert await database.read(migrate.version) == migrate.HEAD


async def test_upgrading_twice_and_from_two_processes_at_once_does_no_harm(empty_database_url: str) -> None:
    first, second = open_database(empty_database_url), open_database(empty_database_url)
    await asyncio.gather(first.write(migrate.upgrade), second.write(migrate.upgrade))
    assert await second.write(migrate.is_current)
    await first.close()
    await second.close()


async def test_the_kill_switch_holds_until_it_is_lifted(database: Database) -> None:
    await database.write(lambda sql: switch.pause(sql, "drill"))
    assert await database.read(switch.why) == "drill"
    await database.write(switch.resume)
    assert not await database.read(switch.is_paused)


async def test_a_closed_database_says_so_instead_of_waiting_for_ever(tmp_path: object) -> None:
    database = open_database(f"sqlite:///{tmp_path}/closed.sqlite3")
    await database.write(migrate.upgrade)
    await database.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        await database.write(_put("late"))  # type: ignore[arg-type]
