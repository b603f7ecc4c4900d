"""``doctor``: what is fine, what is not, and what to do about it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from helpdesk_recovery.bootstrap import Services, utc_now
from helpdesk_recovery.cli.doctor import examine
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.delivery import Delivery
from helpdesk_recovery.errors import HelpdeskUnavailable
from helpdesk_recovery.plugins import Plugins
from helpdesk_recovery.sdk.testing.memory_helpdesk import MemoryHelpdesk
from helpdesk_recovery.storage import connections, deliveries, sending, switch
from helpdesk_recovery.storage.deliveries import Settled


@pytest.fixture
def database_url(tmp_path: Path, sqlite_with_tables: Path) -> str:
    """SQLite will do: what is examined is stored alike."""
    path = tmp_path / "recovery.sqlite3"
    path.write_bytes(sqlite_with_tables.read_bytes())
    return f"sqlite:///{path}"


async def wrong(services: Services) -> list[str]:
    """What needs somebody, with what to do."""
    return [f"{check.title} -> {check.advice}" for check in await examine(services) if not check.ok]


async def came_in(services: Services, body: bytes) -> str:
    delivery = Delivery("shop", (), body, utc_now())
    await services.inbox.put("conn_shop", delivery, sha256(body).digest(), None)
    (row, *_) = await services.database.read(lambda sql: deliveries.listed(sql, "pending", 10))
    return str(row["id"])


def change(connection: Connection, services: Services, **values: Any) -> Any:
    changed = replace(connection, **values)
    return lambda sql: connections.save(sql, changed, services.sealer)


async def test_a_healthy_installation_has_nothing_to_do(services: Services, connection: Connection) -> None:
    assert await wrong(services) == []
    titles = [check.title for check in await examine(services)]
    assert any("policy starter version" in title for title in titles)
    assert any(title.endswith("answers") for title in titles)


async def test_every_connection_is_asked_with_a_real_call(
    services: Services, connection: Connection, memory: MemoryHelpdesk
) -> None:
    def down() -> None:
        raise HelpdeskUnavailable("cannot reach https://desk.example. Is it running?")

    memory.before_read = down
    (found,) = await wrong(services)
    assert "Is it running?" in found


async def test_quarantine_is_shown_with_its_reason_and_the_command(services: Services, connection: Connection) -> None:
    delivery = await came_in(services, b"not json")
    settled = Settled(delivery, "quarantined", "unreadable: not JSON")
    await services.database.write(lambda sql: deliveries.settle(sql, [settled]))
    (found,) = await wrong(services)
    assert "unreadable: not JSON" in found
    assert f"helpdesk-recovery delivery replay {delivery}" in found


async def test_deliveries_that_nobody_works_are_shown(services: Services, connection: Connection) -> None:
    await came_in(services, b"1")
    later = replace(services, clock=lambda: utc_now() + timedelta(minutes=4))
    assert await wrong(later) == []
    too_late = replace(services, clock=lambda: utc_now() + timedelta(minutes=6))
    (found,) = await wrong(too_late)
    assert found.startswith("1 deliveries wait")
    assert "helpdesk-recovery serve" in found


async def test_the_kill_switch_is_shown_with_its_reason(services: Services, connection: Connection) -> None:
    await services.database.write(lambda sql: switch.pause(sql, "drill"))
    (found,) = await wrong(services)
    assert "paused (drill)" in found
    assert "effects resume" in found


async def test_trouble_and_a_pause_of_one_helpdesk_are_shown(services: Services, connection: Connection) -> None:
    now = utc_now()
    await services.database.write(
        lambda sql: sending.connection_failed(sql, connection.id, now, "answered 429", retry_after=600.0)
    )
    trouble, pause = await wrong(services)
    assert "answered 429" in trouble
    assert "go on by themselves" in pause


async def test_a_webhook_that_fell_silent_is_shown(services: Services, connection: Connection) -> None:
    last = utc_now() - timedelta(days=3)
    await services.database.write(lambda sql: deliveries.touch_connections(sql, {connection.id: last}))
    (found,) = await wrong(services)
    assert "look at the webhook in the helpdesk" in found


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"policies": ("gone",)}, "gone"),
        ({"helpdesk": "gone"}, "Installed: memory"),
        ({"options": {"timezone": "Mars/Base"}}, "Europe/Stockholm"),
    ],
)
async def test_a_connection_whose_parts_are_gone_is_shown(
    services: Services, connection: Connection, values: dict[str, Any], words: str
) -> None:
    await services.database.write(change(connection, services, **values))
    assert any(words in found for found in await wrong(services))


async def test_no_helpdesk_at_all_is_an_installation_to_repair(services: Services) -> None:
    found = await wrong(replace(services, plugins=Plugins()))
    assert any("Install the package again" in one for one in found)


def test_all_well_ends_with_0(terminal: Any) -> None:
    terminal.connect()
    told = terminal.works("doctor")
    assert all(line.startswith("ok  ") for line in told.splitlines())


def test_the_first_step_is_said_where_nothing_is_connected(terminal: Any) -> None:
    assert "helpdesk-recovery connect" in terminal.works("doctor")


def test_an_empty_database_ends_with_1_and_what_to_run(empty_terminal: Any) -> None:
    found = empty_terminal.run("doctor")
    assert found.code == 1
    assert "NO  database (sqlite) Run: helpdesk-recovery database upgrade" in found.out


def test_a_database_that_is_away_is_said(terminal: Any) -> None:
    found = terminal.run("doctor", HELPDESK_RECOVERY_DATABASE_URL="postgresql://nobody@127.0.0.1:9/nothing")
    assert found.code == 1
    assert "NO  database (postgresql)" in found.out
    assert "Check HELPDESK_RECOVERY_DATABASE_URL" in found.out


def test_another_secret_key_is_said_and_the_rest_is_still_examined(terminal: Any) -> None:
    terminal.connect()
    terminal.works("effects", "pause")
    found = terminal.run("doctor", HELPDESK_RECOVERY_SECRET_KEY="another-key-0123456789-abcdefghijklmnop")
    assert found.code == 1
    assert "set the old key again" in found.out
    assert "effects resume" in found.out


def test_a_broken_plugin_is_named_and_stops_no_other(terminal: Any, tmp_path: Path) -> None:
    """Two packages as pip would leave them: one breaks on import, one is no helpdesk at all."""
    site = tmp_path / "site"
    for name, source in (("acme-desk", "raise RuntimeError('needs acme 2')"), ("other-desk", "HELPDESK = 42")):
        module = name.replace("-", "_")
        information = site / f"{module}-1.0.dist-info"
        information.mkdir(parents=True)
        (site / f"{module}.py").write_text(source)
        (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        point = f"[helpdesk_recovery.helpdesks]\n{module} = {module}:HELPDESK\n"
        (information / "entry_points.txt").write_text(point)
    done = subprocess.run(
        [sys.executable, "-m", "helpdesk_recovery", "doctor"],
        env={**terminal.environment, "PYTHONPATH": ":".join(filter(None, [str(site), *sys.path]))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "Plugin 'acme_desk' of the package acme-desk does not load: RuntimeError: needs acme 2" in done.stdout
    assert "Plugin 'other_desk' of the package other-desk is no helpdesk" in done.stdout
    assert "ok  helpdesks: django_helpdesk, request_tracker, standard" in done.stdout
