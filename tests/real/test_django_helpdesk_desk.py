"""Against a real django-helpdesk: private stays private, texts arrive as sent, nothing is missed or done twice."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from helpdesk_recovery.sdk import (
    Author,
    Connection,
    Delivery,
    Desk,
    EventKind,
    HelpdeskRefused,
    Ignored,
    Note,
    Sample,
    TicketEvent,
    TicketNotVisible,
    WriteUncertain,
)
from helpdesk_recovery_webhooks.django_helpdesk import HELPDESK
from helpdesk_recovery_webhooks.django_helpdesk.demo import DEMO, DjangoHelpdeskDemo
from helpdesk_recovery_webhooks.django_helpdesk.demo.process import exchange
from helpdesk_recovery_webhooks.django_helpdesk.demo.running import RunningDesk

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(bool(DEMO.missing()), reason=DEMO.missing() or ""),
]

SECRET = "a-real-secret-between-the-two-9Zk4"
ODD = "100 % {{ ticket.title }} {% if %} {# no #} {% open X-HELPDESK-COMMENT-VERBATIM ąčęėįšųūž 😡 <b> #1 } {"
SAMPLE = Sample("Rūta", "ruta@example.com", "Sulūžęs virdulys", "Virdulys atkeliavo sulūžęs. Noriu pinigų!", "")


class Door:
    """Our webhook door, as the helpdesk meets it; ``shut`` closes it as a service that is down."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        self._arrived = threading.Condition()
        self._server: ThreadingHTTPServer | None = None
        self.port = 0
        self.open()

    def open(self) -> None:
        door = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = tuple((name.lower(), value) for name, value in self.headers.items())
                door.put(Delivery("shop", headers, body, datetime.now(UTC)))
                self.send_response(202)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def shut(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def put(self, delivery: Delivery) -> None:
        with self._arrived:
            self.deliveries.append(delivery)
            self._arrived.notify_all()

    def take(self) -> Delivery:
        """Wait for the one delivery that must come, and return it."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: self.deliveries, timeout=10), "no hook was called"
            taken = list(self.deliveries)
            self.deliveries.clear()
        (delivery,) = taken
        return delivery


def start(folder: Path, door: Door, demo: DjangoHelpdeskDemo = DEMO) -> RunningDesk:
    said: list[str] = []
    desk = demo.start(folder, f"http://127.0.0.1:{door.port}/webhooks/django_helpdesk/shop", SECRET, said.append)
    assert said
    return desk


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.shut()


@pytest.fixture(scope="module")
def helpdesk(door: Door, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    desk = start(tmp_path_factory.mktemp("django-helpdesk"), door)
    yield desk
    desk.stop()


@pytest.fixture
def connection(helpdesk: RunningDesk) -> Connection:
    return Connection(
        "c", "a", "django_helpdesk", "shop", helpdesk.base_url,
        options=helpdesk.options, token=helpdesk.token, secrets=(SECRET,),
    )  # fmt: skip


@pytest.fixture
async def desk(connection: Connection) -> AsyncIterator[Desk]:
    opened = HELPDESK.open(connection)
    yield opened
    await opened.close()


@pytest.fixture
def ticket_id(helpdesk: RunningDesk, door: Door) -> str:
    found = helpdesk.file_ticket(SAMPLE)
    door.deliveries.clear()
    return found


@pytest.fixture
def api(helpdesk: RunningDesk) -> Callable[[str], Any]:
    def get(path: str) -> Any:
        headers = {"Authorization": f"Token {helpdesk.token}"}
        status, _, text = exchange(helpdesk.base_url, "GET", f"/api/{path}", headers=headers)
        assert status == 200
        return json.loads(text)

    return get


def read(delivery: Delivery, connection: Connection) -> TicketEvent | Ignored:
    """Verify and read a delivery, as the door and the worker do."""
    HELPDESK.verify(delivery, [SECRET], datetime.now(UTC))
    return HELPDESK.read(delivery, connection)


def note(reference: str) -> Note:
    return Note(f"{ODD}\nRef {reference}", "", reference)


async def test_a_complaint_arrives_by_hook_and_is_fetched(
    helpdesk: RunningDesk, door: Door, connection: Connection, desk: Desk
) -> None:
    door.deliveries.clear()
    filed = helpdesk.file_ticket(SAMPLE)
    delivery = door.take()
    event = read(delivery, connection)
    assert isinstance(event, TicketEvent)
    assert (event.kind, event.ticket_id, event.key) == (EventKind.CREATED, filed, f"ticket:{filed}")
    ticket = await desk.fetch_ticket(filed)
    assert [message.text for message in ticket.customer_messages()] == [SAMPLE.body]
    assert (ticket.subject, ticket.requester.email) == (SAMPLE.subject, SAMPLE.email)
    assert (await desk.recent_tickets(1)) == (filed,)


async def test_a_note_is_private_unchanged_unmailed_and_its_echo_is_left_alone(
    helpdesk: RunningDesk, door: Door, connection: Connection, desk: Desk, ticket_id: str, api: Callable[[str], Any]
) -> None:
    copied = "from helpdesk.models import Queue; Queue.objects.update(updated_ticket_cc='copy@shop.example')"
    helpdesk.manage("shell", "-c", copied)
    written = await desk.add_note(ticket_id, note("HR-7F3K2M4Q"))
    echo = door.take()
    assert isinstance(read(echo, connection), Ignored)
    assert isinstance(read(echo, replace(connection, options={})), Ignored)
    found = api(f"followups/{written.external_id}/")
    assert (found["public"], found["comment"]) == (False, note("HR-7F3K2M4Q").text)
    assert found["email_recipients"] == ["copy@shop.example"], "else this proves nothing about mail"
    assert api(f"tickets/{ticket_id}/")["title"] == SAMPLE.subject
    assert written.author_id == helpdesk.options["bot_user"]
    assert await desk.find_written(ticket_id, "HR-7F3K2M4Q") == written
    mails = [path.read_text("utf-8") for path in _mails(helpdesk)]
    assert any("HR-7F3K2M4Q" in mail for mail in mails)
    assert not any("X-HELPDESK-COMMENT" in mail for mail in mails), "the note's text was mailed"


async def test_a_reply_reaches_the_customer_unchanged_and_its_echo_is_left_alone(
    helpdesk: RunningDesk, door: Door, connection: Connection, desk: Desk, ticket_id: str, api: Callable[[str], Any]
) -> None:
    written = await desk.add_reply(ticket_id, ODD, "HR-8G4M3N5R")
    echo = door.take()
    assert isinstance(read(echo, connection), Ignored)
    found = api(f"followups/{written.external_id}/")
    assert (found["public"], found["comment"]) == (True, f"{ODD}\n\nRef HR-8G4M3N5R")
    assert SAMPLE.email in found["email_recipients"]
    ticket = await desk.fetch_ticket(ticket_id)
    assert [message.author for message in ticket.messages] == [Author.REQUESTER, Author.BOT]


async def test_a_customers_mail_has_one_key_by_hook_and_by_poll(
    helpdesk: RunningDesk, door: Door, connection: Connection, desk: Desk, ticket_id: str
) -> None:
    cursor = (await desk.poll(None)).cursor
    words = r"Vis dar nieko! ąčęé 😡 C:\new"
    helpdesk.reply(ticket_id, replace(SAMPLE, body=words))
    delivery = door.take()
    event = read(delivery, connection)
    assert isinstance(event, TicketEvent) and event.kind is EventKind.REPLIED
    polled = await desk.poll(cursor)
    assert [(one.kind, one.key) for one in polled.events] == [(event.kind, event.key)]
    assert (await desk.poll(polled.cursor)).events == ()
    assert (await desk.fetch_ticket(ticket_id)).messages[-1].text.strip() == words


async def test_what_happened_while_our_door_was_down_is_found_once(
    helpdesk: RunningDesk, door: Door, desk: Desk
) -> None:
    cursor = (await desk.poll(None)).cursor
    door.shut()
    try:
        filed = helpdesk.file_ticket(replace(SAMPLE, subject="Missed"))
        helpdesk.reply(filed, replace(SAMPLE, body="And I write again"))
        with pytest.raises(WriteUncertain):
            await desk.add_note(filed, note("HR-9H5N4P6S"))
    finally:
        door.open()
    kinds = [one.kind for one in (await desk.poll(cursor)).events if one.ticket_id == filed]
    assert kinds == [EventKind.CREATED, EventKind.REPLIED]
    assert await desk.find_written(filed, "HR-9H5N4P6S") is None
    await desk.add_note(filed, note("HR-9H5N4P6S"))
    helpdesk.reply(filed, replace(SAMPLE, body="Thanks"))
    texts = [message.text for message in (await desk.fetch_ticket(filed)).messages]
    assert texts == [SAMPLE.body, "And I write again\n", note("HR-9H5N4P6S").text, "Thanks\n"]


async def test_doctor_is_content(desk: Desk) -> None:
    assert all(check.ok for check in await desk.check())


async def test_a_wrong_token_is_refused_with_what_to_do(connection: Connection, ticket_id: str) -> None:
    stranger = HELPDESK.open(replace(connection, token="0" * 40))
    with pytest.raises(HelpdeskRefused):
        await stranger.fetch_ticket(ticket_id)
    (check,) = await stranger.check()
    assert "drf_create_token" in check.advice
    await stranger.close()


async def test_a_ticket_that_is_not_there_is_not_visible(desk: Desk) -> None:
    with pytest.raises(TicketNotVisible):
        await desk.fetch_ticket("424242")
    with pytest.raises(TicketNotVisible):
        await desk.add_reply("424242", "Hello", "HR-7F3K2M4Q")


async def test_the_companion_signs_and_a_second_run_goes_on(
    helpdesk: RunningDesk, door: Door, connection: Connection, tmp_path: Path
) -> None:
    shutil.copytree(helpdesk.folder, tmp_path / "desk", ignore=shutil.ignore_patterns("pid", "port", "ready"))
    signed = start(tmp_path / "desk", door, DjangoHelpdeskDemo(signed=True))
    try:
        assert signed.token == helpdesk.token, "a second run in a folder goes on with its token"
        door.deliveries.clear()
        filed = signed.file_ticket(SAMPLE)
        delivery = door.take()
        assert delivery.header("authorization") is None
        event = read(delivery, connection)
        assert isinstance(event, TicketEvent) and event.key == f"ticket:{filed}"
        door.shut()
        written = await _reply_on(replace(connection, url=signed.base_url), filed)
        assert written, "an agent's request is fine while our door is down"
    finally:
        door.open()
        signed.stop()


async def _reply_on(connection: Connection, ticket_id: str) -> str:
    desk = HELPDESK.open(connection)
    try:
        return (await desk.add_reply(ticket_id, "Hello", "HR-7F3K2M4Q")).external_id
    finally:
        await desk.close()


def _mails(helpdesk: RunningDesk) -> list[Path]:
    return list((helpdesk.folder / "mail").iterdir())
