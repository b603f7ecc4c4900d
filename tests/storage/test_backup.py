"""One file that holds everything, moves between databases, and never makes us write twice."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import Connection as Sql
from sqlalchemy import func, select

from helpdesk_recovery.bootstrap import Services, build, utc_now
from helpdesk_recovery.cli.backup import read_backup
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.delivery import Delivery
from helpdesk_recovery.domain.staff import Role
from helpdesk_recovery.errors import ConfigurationInvalid
from helpdesk_recovery.plugins import Plugins
from helpdesk_recovery.sdk.testing.memory_helpdesk import MemoryHelpdesk
from helpdesk_recovery.storage import backup, cases, connections, deliveries, staff, switch, workers
from helpdesk_recovery.storage.all_tables import metadata
from helpdesk_recovery.storage.tables import case_events, effects
from helpdesk_recovery.tokens.kind import Scope
from helpdesk_recovery.worker.advance import advance
from helpdesk_recovery.worker.bench import Bench
from helpdesk_recovery.worker.intake import take_in

BROKEN = "The kettle I ordered arrived broken, and I am very disappointed. I want a replacement, please."
LEFT_OUT = {"jobs", "workers", "installation"}


async def work(services: Services, *delivery_ids: str, minutes: int = 0) -> None:
    """Take deliveries in and advance every case that is due, as a worker would some *minutes* later."""
    timed = replace(services, clock=lambda: utc_now() + timedelta(minutes=minutes))
    await services.database.write(lambda sql: workers.register(sql, "hand", utc_now() + timedelta(days=9)))
    bench = Bench(timed, "hand")
    await take_in(bench, delivery_ids)
    due = await services.database.read(lambda sql: cases.due_before(sql, "hand", timed.clock()))
    for case_id in due:
        await advance(bench, case_id)
    await bench.close()
    await services.database.write(lambda sql: workers.leave(sql, "hand"))


async def deliver(services: Services, body: bytes) -> str:
    """Put a delivery into the inbox as the door does; return its id."""
    delivery = Delivery("shop", (("x-id", "ž"),), body, utc_now())
    await services.inbox.put("conn_shop", delivery, sha256(body).digest(), body.hex()[-32:])
    (row,) = await services.database.read(lambda sql: deliveries.listed(sql, "pending", 10))
    return str(row["id"])


async def fill(services: Services, memory: MemoryHelpdesk) -> None:
    """A little of everything: staff, a token, a note written, one that waits, and a delivery nobody can read."""
    now = utc_now()

    def people(sql: Sql) -> None:
        account = staff.account_named(sql, "default")
        staff.add_user(sql, account, "dana@example.com", "Dana Žukauskienė", frozenset({Role.AGENT}), now)
        staff.link_user(sql, account, "dana@example.com", "shop", "agent-7")
        staff.create_token(sql, account, "report", [Scope.CASES_READ], now, now + timedelta(hours=1))

    await services.database.write(people)
    await work(services, await deliver(services, memory.write("7", BROKEN)))
    await services.database.write(lambda sql: switch.pause(sql, "drill"))
    await work(services, await deliver(services, memory.write("8", BROKEN)))
    await work(services, await deliver(services, b"\x00\xff not json"))


@pytest.fixture
async def full(services: Services, connection: Connection, memory: MemoryHelpdesk) -> Services:
    """An installation in which much has happened; nothing may be written at the moment."""
    await fill(services, memory)
    assert (len(memory.notes("7")), len(memory.notes("8"))) == (1, 0)
    return services


@pytest.fixture
async def other(
    request: pytest.FixtureRequest, tmp_path: Path, services: Services, memory: MemoryHelpdesk
) -> AsyncIterator[Services]:
    """Another, empty installation that talks to the same helpdesk, on the other kind of database."""
    url = f"sqlite:///{tmp_path / 'other.sqlite3'}"
    if services.database.dialect == "sqlite":
        url = request.getfixturevalue("postgres_url")
    settings = services.settings.model_copy(update={"database_url": SecretStr(url)})
    made = build(settings, plugins=Plugins({"memory": memory}))
    yield made
    await made.close()


def rows(sql: Sql) -> dict[str, list[dict[str, Any]]]:
    """Everything that a backup keeps."""
    return {
        table.name: [
            {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}
            for row in sql.execute(select(table).order_by(*table.primary_key)).mappings()
        ]
        for table in metadata.sorted_tables
        if table.name not in LEFT_OUT
    }


async def write(services: Services, file: Path) -> int:
    return await services.database.read(lambda sql: backup.write(sql, file))


async def states(services: Services) -> dict[str, str]:
    query = select(effects.c.ticket_id, effects.c.state)
    return dict(await services.database.read(lambda sql: [tuple(row) for row in sql.execute(query)]))


async def test_every_row_moves_and_what_was_open_is_in_doubt(full: Services, other: Services, tmp_path: Path) -> None:
    file = tmp_path / "backup.zip"
    count = await write(full, file)
    before = await full.database.read(rows)
    assert all(before.values()), "there is a row to move in every table"
    assert await states(full) == {"7": "done", "8": "intended"}
    await read_backup(other, file)
    after = await other.database.read(rows)
    assert await states(other) == {"7": "done", "8": "unknown"}
    for table in (before, after):
        for effect in table["effects"]:
            effect["state"] = effect["state"].replace("unknown", "intended")
    assert after == before
    assert sum(map(len, before.values())) <= count
    assert await other.database.read(switch.why) == "restored from backup.zip"


async def test_a_note_written_after_the_backup_is_found_and_not_written_again(
    full: Services, other: Services, memory: MemoryHelpdesk, tmp_path: Path
) -> None:
    await write(full, tmp_path / "backup.zip")
    await full.database.write(switch.resume)
    await work(full, minutes=1)
    assert len(memory.notes("8")) == 1
    await read_backup(other, tmp_path / "backup.zip")
    await work(other, minutes=2)
    assert await states(other) == {"7": "done", "8": "done"}
    await other.database.write(switch.resume)
    await work(other, minutes=3)
    assert (len(memory.notes("7")), len(memory.notes("8"))) == (1, 1)


async def test_a_note_that_was_never_written_waits_for_the_operator_and_is_written_once(
    full: Services, other: Services, memory: MemoryHelpdesk, tmp_path: Path
) -> None:
    await write(full, tmp_path / "backup.zip")
    await read_backup(other, tmp_path / "backup.zip")
    await work(other, minutes=1)
    assert memory.notes("8") == []
    await other.database.write(switch.resume)
    await work(other, minutes=2)
    await work(other, minutes=3)
    assert (len(memory.notes("7")), len(memory.notes("8"))) == (1, 1)


async def test_a_delivery_that_comes_again_is_known_and_a_new_one_is_worked(
    full: Services, other: Services, memory: MemoryHelpdesk, tmp_path: Path
) -> None:
    again = json.dumps({"ticket": "7", "message": "1"}).encode()
    await write(full, tmp_path / "backup.zip")
    await read_backup(other, tmp_path / "backup.zip")
    await other.database.write(switch.resume)
    await other.inbox.put("conn_shop", Delivery("shop", (), again, utc_now()), sha256(again).digest(), None)
    assert await other.database.read(lambda sql: deliveries.listed(sql, "pending", 10)) == []
    highest = select(func.max(case_events.c.number))
    before = await other.database.read(lambda sql: sql.execute(highest).scalar_one())
    await work(other, await deliver(other, memory.write("9", BROKEN)))
    assert len(memory.notes("9")) == 1
    assert await other.database.read(lambda sql: sql.execute(highest).scalar_one()) == before + 1


async def test_a_database_in_use_is_refused_and_left_as_it_is(full: Services, tmp_path: Path) -> None:
    await write(full, tmp_path / "backup.zip")
    before = await full.database.read(rows)
    with pytest.raises(ConfigurationInvalid, match="not empty"):
        await full.database.write(lambda sql: backup.read(sql, tmp_path / "backup.zip"))
    assert await full.database.read(rows) == before
    assert await full.database.read(switch.why) == "drill"


async def test_every_table_is_in_the_file_but_what_only_passes(full: Services, tmp_path: Path) -> None:
    await write(full, tmp_path / "good.zip")
    with zipfile.ZipFile(io.BytesIO((tmp_path / "good.zip").read_bytes())) as archive:
        names = {name.removesuffix(".jsonl") for name in archive.namelist()}
    assert names == {table.name for table in metadata.sorted_tables} - {"jobs", "workers"} | {"manifest.json"}


async def test_the_secrets_open_again_with_the_same_key(full: Services, other: Services, tmp_path: Path) -> None:
    await write(full, tmp_path / "backup.zip")
    await read_backup(other, tmp_path / "backup.zip")
    before = await full.database.read(lambda sql: connections.named(sql, "shop", full.sealer))
    assert await other.database.read(lambda sql: connections.named(sql, "shop", other.sealer)) == before
