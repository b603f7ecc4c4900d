"""``delivery`` and ``send``: what came in, once more after a fix, and a recorded one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from helpdesk_recovery.bootstrap import DELIVERIES, Services, utc_now
from helpdesk_recovery.cli.delivery import replay_deliveries
from helpdesk_recovery.cli.recorded import post, read_recorded
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.delivery import Delivery, Ignored
from helpdesk_recovery.domain.ticket import TicketEvent
from helpdesk_recovery.engine.port import Job
from helpdesk_recovery.errors import ConfigurationInvalid
from helpdesk_recovery.plugins import Plugins
from helpdesk_recovery.sdk.testing.memory_helpdesk import SECRET, MemoryHelpdesk
from helpdesk_recovery.storage import deliveries, workers
from helpdesk_recovery.web.app import create_app
from helpdesk_recovery.worker.advance import advance
from helpdesk_recovery.worker.bench import Bench
from helpdesk_recovery.worker.intake import take_in

BROKEN = "The kettle I ordered arrived broken, and I am very disappointed. I want a replacement, please."


class NextVersion(MemoryHelpdesk):
    """Reads what the version before could not."""

    def read(self, delivery: Delivery, connection: Connection) -> TicketEvent | Ignored:
        return super().read(replace(delivery, body=b'{"message": "1"}'), connection)


async def came_in(services: Services, body: bytes) -> str:
    """Put a delivery into the inbox as the door does; return its id."""
    now = utc_now()
    await services.inbox.put("conn_shop", Delivery("shop", (), body, now), sha256(body).digest(), None)
    (row, *_) = await services.database.read(lambda sql: deliveries.listed(sql, "pending", 10))
    return str(row["id"])


@pytest.fixture
async def bench(services: Services) -> AsyncIterator[Bench]:
    """A worker driven by hand."""
    await services.database.write(lambda sql: workers.register(sql, "hand", utc_now() + timedelta(days=1)))
    made = Bench(services, "hand")
    yield made
    await made.close()


async def work_jobs(services: Services, bench: Bench) -> list[str]:
    """Do the delivery jobs that the engine has, as the running service would; return the delivery ids."""
    seen: list[str] = []

    async def handle(job: Job) -> None:
        if job.kind == DELIVERIES:
            seen.extend(job.ids)
            for case_id in await take_in(bench, job.ids):
                await advance(bench, case_id)
        services.engine.stop()

    await services.engine.run(handle, concurrency=1)
    return seen


async def states(services: Services) -> dict[str, str]:
    return {
        row["id"]: row["state"] for row in await services.database.read(lambda sql: deliveries.listed(sql, None, 9))
    }


async def test_what_could_not_be_read_is_worked_once_its_reader_can(
    services: Services, connection: Connection, memory: MemoryHelpdesk, bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    memory.write("7", BROKEN)
    delivery = await came_in(services, b'{"number": "1"}')
    await take_in(bench, [delivery])
    assert await states(services) == {delivery: "quarantined"}
    await replay_deliveries(services, [])
    assert "1 of 1 will be worked again" in capsys.readouterr().out
    upgraded = NextVersion(tickets=memory.tickets, log=memory.log)
    bench.services = replace(services, plugins=Plugins({"memory": upgraded}))
    assert delivery in await work_jobs(services, bench)
    assert await states(services) == {delivery: "done"}
    assert len(memory.notes("7")) == 1


async def test_what_was_done_stays_done_and_what_is_unknown_is_named(
    services: Services, connection: Connection, memory: MemoryHelpdesk, bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    import typer

    delivery = await came_in(services, memory.write("7", BROKEN))
    await take_in(bench, [delivery])
    with pytest.raises(typer.Exit):
        await replay_deliveries(services, [delivery, "del_unknown"])
    told = capsys.readouterr().err
    assert "0 of 2 will be worked again" in told
    assert delivery in told
    assert "del_unknown" in told
    assert await states(services) == {delivery: "done"}


async def test_an_empty_quarantine_is_no_failure(services: Services, capsys: pytest.CaptureFixture[str]) -> None:
    await replay_deliveries(services, [])
    assert "No delivery is quarantined." in capsys.readouterr().out


def test_the_list_says_what_came_and_what_became_of_it(terminal: Any) -> None:
    terminal.connect()
    assert "received (UTC)" in terminal.works("delivery", "list")
    assert "received (UTC)" in terminal.works("delivery", "list", "--state", "quarantined", "--limit", "5")


@pytest.mark.parametrize(
    "arguments", [("--state", "broken"), ("--limit", "0"), ("--limit", "1001"), ("--limit", "many")]
)
def test_a_list_of_something_else_is_refused(terminal: Any, arguments: tuple[str, str]) -> None:
    assert terminal.run("delivery", "list", *arguments).code == 2


@pytest.mark.parametrize("arguments", [(), ("del_1", "--quarantined")])
def test_replay_wants_ids_or_all(terminal: Any, arguments: tuple[str, ...]) -> None:
    assert "--quarantined" in terminal.refuses("delivery", "replay", *arguments)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_recorded_delivery_keeps_its_body_to_the_byte(tmp_path: Path, end: str) -> None:
    recorded = tmp_path / "one.http"
    body = b'{"text":"line\r\n\r\nline\n\nline",\r\n"n":1}\n'
    lines = ["POST /webhooks/x/y HTTP/1.1", "Host: old.example", "X-Secret:  a b ", "X-Two: 1", "X-Two: 2"]
    recorded.write_bytes((end.join(lines) + end + end).encode() + body)
    headers, read = read_recorded(recorded)
    assert read == body
    assert headers == [("X-Secret", "a b"), ("X-Two", "1"), ("X-Two", "2")]


def test_a_file_that_is_no_recording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationInvalid, match="cannot be read"):
        read_recorded(tmp_path / "none.http")
    (tmp_path / "flat.http").write_text("X-Secret: a")
    with pytest.raises(ConfigurationInvalid, match="an empty line and the body"):
        read_recorded(tmp_path / "flat.http")


async def test_a_recorded_delivery_reaches_a_running_service(
    services: Services, connection: Connection, memory: MemoryHelpdesk, tmp_path: Path
) -> None:
    recorded = tmp_path / "one.http"
    body = memory.write("7", BROKEN)
    recorded.write_bytes(f"X-Secret: {SECRET}\r\nX-Id: one\r\n\r\n".encode() + body)
    async with TestServer(create_app(services)) as server:
        status, _ = await post(str(server.make_url("/webhooks/memory/shop")), *read_recorded(recorded))
    assert status == 202
    (row,) = await services.database.read(lambda sql: deliveries.listed(sql, None, 9))
    assert (row["body"], row["signed_id"]) == (body, "one")


async def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    asked: list[str] = []

    async def elsewhere(request: web.Request) -> web.Response:
        asked.append(request.path)
        raise web.HTTPFound("/other")

    app = web.Application()
    app.router.add_route("*", "/{any}", elsewhere)
    async with TestServer(app) as server:
        status, _ = await post(str(server.make_url("/here")), [], b"{}")
    assert (status, asked) == (302, ["/here"])


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/webhooks/a/b", "not a url", "ftp://127.0.0.1/x"])
def test_nobody_there_is_said(terminal: Any, tmp_path: Path, url: str) -> None:
    (tmp_path / "one.http").write_text("X: 1\n\n{}")
    assert "Nothing answers at" in terminal.refuses("send", str(tmp_path / "one.http"), url)
