"""What is odd about home-made desks: our webhooks to them, and the README's examples, run as they stand."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import standardwebhooks
from aiohttp import web
from aiohttp.test_utils import TestServer

from helpdesk_recovery.sdk import Connection, Delivery, EventKind, HelpdeskRefused, Note, TicketEvent
from helpdesk_recovery.sdk.signatures import base64_text
from helpdesk_recovery_webhooks import standard

SECRET = "standard-desk-5b1c9d7e2f80a"
README = (Path(standard.__file__).parent / "README.md").read_text("utf-8")
NOTE = Note("SUGGESTED: refund £34.50\nRef HR-7F3K2M4Q", "<p>Ref HR-7F3K2M4Q</p>", "HR-7F3K2M4Q")


def connection(url: str | None, secrets: Sequence[str] = (SECRET,)) -> Connection:
    return Connection("c", "a", "standard", "shop", url, secrets=tuple(secrets))


def example(language: str) -> str:
    """Return the README's one example in *language*, as it stands."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", README, re.DOTALL | re.MULTILINE)
    assert len(found) == 1
    indent, code = found[0]
    return "\n".join(line.removeprefix(indent) for line in code.splitlines())


@asynccontextmanager
async def door(status: int = 202) -> AsyncIterator[tuple[str, list[Delivery]]]:
    """Take every call; yield the URL and what came."""
    came: list[Delivery] = []

    async def take(request: web.Request) -> web.Response:
        headers = tuple((name.lower(), value) for name, value in request.headers.items())
        came.append(Delivery("shop", headers, await request.read(), datetime.now(UTC)))
        return web.Response(status=status)

    app = web.Application()
    app.router.add_post("/webhooks/standard/shop", take)
    async with TestServer(app) as server:
        yield str(server.make_url("/webhooks/standard/shop")), came


class TestTheReadme:
    def test_its_shell_example_is_accepted_and_read(self) -> None:
        missing = [tool for tool in ("bash", "curl", "openssl", "base64") if shutil.which(tool) is None]
        if missing:
            pytest.skip(f"not installed: {', '.join(missing)}")

        async def run() -> list[Delivery]:
            async with door() as (url, came):
                env = {**os.environ, "URL": url, "DESK_SECRET": SECRET, "no_proxy": "*"}
                script = await asyncio.create_subprocess_exec("bash", "-eu", "-c", example("bash"), env=env)
                assert await script.wait() == 0
                return came

        (delivery,) = asyncio.run(run())
        signed = standard.HELPDESK.verify(delivery, [SECRET], delivery.received_at)
        assert signed is not None and signed.startswith("evt_")
        event = standard.HELPDESK.read(delivery, connection(None))
        assert isinstance(event, TicketEvent) and event.kind is EventKind.CREATED

    def test_its_event_is_read(self) -> None:
        delivery = Delivery("shop", (), example("json").encode(), datetime.now(UTC))
        event = standard.HELPDESK.read(delivery, connection(None))
        assert isinstance(event, TicketEvent) and event.ticket is not None
        assert (event.kind, event.ticket.requester.locale) == (EventKind.REPLIED, "en-GB")
        assert event.ticket.fields["order_total"] == "34.5"

    async def test_its_receiver_takes_our_webhooks_once(self) -> None:
        with receiver() as (url, printed):
            desk = standard.HELPDESK.open(connection(url, ["the-secret-we-change-to", SECRET]))
            assert all(check.ok for check in await desk.check())
            first = await desk.add_note("4711", NOTE)
            assert await desk.add_note("4711", NOTE) == first
            reply = await desk.add_reply("4711", "We are sorry.", NOTE.reference)
            await desk.close()
            stranger = standard.HELPDESK.open(connection(url, ["a-secret-nobody-told-you"]))
            with pytest.raises(HelpdeskRefused):
                await stranger.add_note("4711", NOTE)
            (check,) = await stranger.check()
            await stranger.close()
        assert (first.external_id, reply.external_id) == ("n1", "n2")
        assert not check.ok and "401" in check.advice
        assert printed[0].count("note.add 4711 SUGGESTED") == 1
        assert printed[0].count("reply.add 4711 We are sorry.") == 1


class TestWriting:
    async def test_a_note_is_what_the_readme_says(self) -> None:
        secret = "whsec_" + base64_text(os.urandom(32))
        async with door(204) as (url, came):
            desk = standard.HELPDESK.open(connection(url, [secret]))
            written = await desk.add_note("4711", NOTE)
            await desk.close()
        headers = dict(came[0].headers)
        event = standardwebhooks.Webhook(secret).verify(came[0].body, headers)
        assert written.external_id == headers["webhook-id"]
        assert headers["content-type"] == "application/json"
        assert event["type"] == "note.add" and datetime.fromisoformat(event["timestamp"]).tzinfo
        assert event["data"] == {
            "ticket_id": "4711", "text": NOTE.text, "html": NOTE.html, "reference": NOTE.reference,
        }  # fmt: skip

    async def test_each_write_has_its_own_id_for_ever(self) -> None:
        async with door() as (url, came):
            for _ in range(2):
                desk = standard.HELPDESK.open(connection(url))
                await desk.add_note("1", NOTE)
                await desk.add_note("2", NOTE)
                await desk.add_reply("1", "text", NOTE.reference)
                await desk.close()
        ids = [one.header("webhook-id") for one in came]
        assert ids[:3] == ids[3:] and len(set(ids)) == 3
        assert all(one and one.startswith(NOTE.reference) for one in ids)

    async def test_without_a_url_nothing_is_written_and_it_says_so(self) -> None:
        desk = standard.HELPDESK.open(connection(None))
        for write in (desk.add_note("1", NOTE), desk.add_reply("1", "text", "HR-7F3K2M4Q")):
            with pytest.raises(HelpdeskRefused, match="offer show") as caught:
                await write
            assert caught.value.reason == "no_url"
        (check,) = await desk.check()
        assert check.ok and "offer show" in check.advice
        await desk.close()

    @pytest.mark.parametrize("secrets", [(), ("whsec_not base64",)])
    async def test_without_a_usable_secret_nothing_is_sent(self, secrets: tuple[str, ...]) -> None:
        async with door() as (url, came):
            desk = standard.HELPDESK.open(connection(url, secrets))
            with pytest.raises(HelpdeskRefused) as caught:
                await desk.add_note("1", NOTE)
            await desk.close()
        assert caught.value.reason == "secret" and came == []

    async def test_it_cannot_be_asked(self) -> None:
        desk = standard.HELPDESK.open(connection("http://127.0.0.1:9"))
        for asked in (desk.fetch_ticket("1"), desk.poll(None), desk.recent_tickets(3)):
            with pytest.raises(HelpdeskRefused, match="whole ticket"):
                await asked
        await desk.close()


@contextmanager
def receiver() -> Iterator[tuple[str, list[str]]]:
    """Run the README's receiver on a free port; what it printed is in the list once it has ended."""
    env = {**os.environ, "DESK_SECRET": SECRET, "PORT": "0"}
    command = [sys.executable, "-c", example("python")]
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    printed: list[str] = []
    try:
        port = process.stdout.readline().split()[-1]
        yield f"http://127.0.0.1:{port}/recovery", printed
    finally:
        process.terminate()
        printed.append(process.communicate()[0])
