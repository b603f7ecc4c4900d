"""``preview``: the exact notes, and nothing written anywhere."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from helpdesk_recovery.bootstrap import Services, utc_now
from helpdesk_recovery.cli.preview import preview_tickets
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.delivery import Delivery
from helpdesk_recovery.errors import HelpdeskRefused, NotFound
from helpdesk_recovery.sdk.testing.memory_helpdesk import MemoryHelpdesk
from helpdesk_recovery.storage import deliveries, offers, workers
from helpdesk_recovery.worker.advance import advance
from helpdesk_recovery.worker.bench import Bench
from helpdesk_recovery.worker.intake import take_in

BROKEN = "The kettle I ordered arrived broken, and I am very disappointed. I want a replacement, please."
QUESTION = "Hello, what are your opening hours on Saturday?"


@pytest.fixture
def database_url(tmp_path: Path, sqlite_with_tables: Path) -> str:
    """What is previewed does not depend on the database: SQLite will do."""
    path = tmp_path / "recovery.sqlite3"
    path.write_bytes(sqlite_with_tables.read_bytes())
    return f"sqlite:///{path}"


async def previewed(services: Services, capsys: pytest.CaptureFixture[str], *tickets: str, last: int = 0) -> str:
    await preview_tickets(services, "shop", tickets, last)
    return capsys.readouterr().out


async def test_the_note_is_the_very_one_that_would_be_written(
    services: Services, connection: Connection, memory: MemoryHelpdesk, capsys: pytest.CaptureFixture[str]
) -> None:
    memory.write("7", BROKEN)
    shown = await previewed(services, capsys, "7")
    assert "ticket 7" in shown.splitlines()[0]
    assert "Ref HR-" in shown
    await _work(services, memory)
    (written,) = memory.notes("7")
    assert [line for line in written.splitlines() if line not in shown] == []


async def _work(services: Services, memory: MemoryHelpdesk) -> None:
    """Let the worker write what the preview showed."""
    body = b'{"ticket": "7", "message": "1"}'
    await services.inbox.put("conn_shop", Delivery("shop", (), body, utc_now()), sha256(body).digest(), None)
    listed = await services.database.read(lambda sql: deliveries.listed(sql, None, 10))
    await services.database.write(lambda sql: workers.register(sql, "hand", utc_now() + timedelta(days=1)))
    bench = Bench(services, "hand")
    for case_id in await take_in(bench, [row["id"] for row in listed]):
        await advance(bench, case_id)
    await bench.close()


async def test_nothing_is_written_to_the_helpdesk_or_to_us(
    services: Services, connection: Connection, memory: MemoryHelpdesk, capsys: pytest.CaptureFixture[str]
) -> None:
    memory.write("7", BROKEN)
    await previewed(services, capsys, "7")
    assert memory.notes("7") == []
    assert await services.database.read(lambda sql: offers.newest(sql, 10)) == []
    assert await services.database.read(lambda sql: deliveries.listed(sql, None, 10)) == []


async def test_the_newest_come_first_and_those_without_a_note_say_why(
    services: Services, connection: Connection, memory: MemoryHelpdesk, capsys: pytest.CaptureFixture[str]
) -> None:
    for ticket, text in (("5", BROKEN), ("6", QUESTION), ("7", "我的包裹还没有到,我非常失望,请退款。")):
        memory.write(ticket, text)
    shown = await previewed(services, capsys, last=2)
    assert shown.index("ticket 7") < shown.index("ticket 6")
    assert "ticket 5" not in shown
    assert "No note: not scored" in shown.split("ticket 6")[0]
    assert "No note: no complaint." in shown.split("ticket 6")[1]


async def test_a_ticket_that_is_not_there_does_not_keep_the_others_back(
    services: Services, connection: Connection, memory: MemoryHelpdesk, capsys: pytest.CaptureFixture[str]
) -> None:
    memory.write("7", BROKEN)
    shown = await previewed(services, capsys, "404", "7")
    assert "No note: no ticket 404" in shown
    assert "Ref HR-" in shown


async def test_an_empty_helpdesk_is_said(
    services: Services, connection: Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "There are no tickets yet." in await previewed(services, capsys, last=20)


async def test_a_refused_token_is_said(
    services: Services, connection: Connection, memory: MemoryHelpdesk, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        raise HelpdeskRefused("answered 401. Check the API token.", reason="token")

    memory.write("7", BROKEN)
    memory.before_read = refuse
    assert "Check the API token" in await previewed(services, capsys, "7")


async def test_what_a_customer_writes_cannot_steer_the_terminal(
    services: Services, connection: Connection, memory: MemoryHelpdesk, capsys: pytest.CaptureFixture[str]
) -> None:
    memory.write("\x1b[31m7", BROKEN.replace("broken", "\x1b]0;owned\x07broken \u202e"))
    shown = await previewed(services, capsys, last=1)
    assert "ticket [31m7" in shown
    assert [sign for sign in "\x1b\x07\u202e" if sign in shown] == []


async def test_a_connection_that_is_not_there(services: Services) -> None:
    with pytest.raises(NotFound, match="connection list"):
        await preview_tickets(services, "nope", ["1"], 0)


def test_a_desk_that_cannot_be_asked_says_so(terminal: Any) -> None:
    terminal.connect()
    assert "cannot be asked for tickets" in terminal.refuses("preview", "shop", "--last", "20")
    assert "No note: this desk cannot be asked" in terminal.works("preview", "shop", "7")


@pytest.mark.parametrize("arguments", [(), ("7", "--last", "3")])
def test_tickets_or_a_number_of_them(terminal: Any, arguments: tuple[str, ...]) -> None:
    terminal.connect()
    assert "--last 20" in terminal.refuses("preview", "shop", *arguments)


def test_a_number_that_makes_no_sense(terminal: Any) -> None:
    terminal.connect()
    assert terminal.run("preview", "shop", "--last", "-3").code == 2
