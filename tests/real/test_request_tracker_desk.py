"""The real Request Tracker 5 of Debian: its deliveries, its REST 2.0, its mails."""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from helpdesk_recovery.sdk import (
    Author,
    Connection,
    Delivery,
    DeliveryRejected,
    Desk,
    EventKind,
    HelpdeskClient,
    Ignored,
    Note,
    Sample,
    TicketEvent,
    TicketGone,
    TicketNotVisible,
)
from helpdesk_recovery_webhooks.request_tracker import HELPDESK
from helpdesk_recovery_webhooks.request_tracker.demo import DEMO, RequestTrackerDemo
from helpdesk_recovery_webhooks.request_tracker.demo.desk import RunningDesk

LACKING = DEMO.missing()
pytestmark = [pytest.mark.real, pytest.mark.skipif(LACKING is not None, reason=LACKING or "")]

SECRET = "real-rt-tests-5b1e0c7a92d4"
REFERENCE = "HR-7F3K2M4Q"
HTML = (
    "<p><b>SIŪLOMA:</b> grąžinti 1&nbsp;554,00&nbsp;€ — „šaldytuvas“ &amp; &lt;ačiū&gt; {{ 7*7 }} 👍</p>\n"
    f"<p>Ref {REFERENCE}</p>"
)
NOTE = Note(f"SIŪLOMA: …\nRef {REFERENCE}", HTML, REFERENCE)
COMPLAINT = "Šaldytuvo nėra jau trečią savaitę, o žadėjote per dvi dienas. Užsakymas SO-1001."


class Door:
    """A webhook door on loopback that keeps what arrives; while ``closed`` it answers 503 and keeps nothing."""

    def __init__(self) -> None:
        self.closed = False
        self._arrived: list[Delivery] = []
        self._news = threading.Condition()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/webhooks/request_tracker/rt"

    def keep(self, delivery: Delivery) -> None:
        with self._news:
            self._arrived.append(delivery)
            self._news.notify_all()

    def wait_for(self, ticket_id: str, kind: str, content: str = "") -> Delivery:
        """Return the newest delivery about *ticket_id* of transaction type *kind*; fail after 20 seconds."""

        def found() -> list[Delivery]:
            return [one for one in self._arrived if _about(one) == (ticket_id, kind) and content in str(one.body)]

        with self._news:
            assert self._news.wait_for(found, timeout=20), f"no delivery of {kind} on ticket {ticket_id}"
            return found()[-1]


def _about(delivery: Delivery) -> tuple[str, str]:
    told = json.loads(delivery.body)
    return str(told["ticket"]["id"]), told["transaction"]["type"]


def _handler(door: Door) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = tuple((name.lower(), value) for name, value in self.headers.items())
            if not door.closed:
                door.keep(Delivery("rt", headers, body, datetime.now(UTC)))
            self.send_response(503 if door.closed else 202)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    made = Door()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture(scope="module")
def rt(door: Door, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    template = tmp_path_factory.getbasetemp() / "request-tracker-template"
    running = RequestTrackerDemo(template).start(tmp_path_factory.mktemp("rt"), door.url, SECRET, print)
    yield running
    running.stop()


@pytest.fixture
def connection(rt: RunningDesk) -> Connection:
    return Connection(
        "c-1", "a-1", "request_tracker", "rt", rt.base_url, options=rt.options, token=rt.token, secrets=(SECRET,)
    )


@pytest.fixture
async def desk(connection: Connection) -> AsyncIterator[Desk]:
    opened = HELPDESK.open(connection)
    yield opened
    await opened.close()


def sample(who: str, body: str = COMPLAINT) -> Sample:
    return Sample("Rūta Žukaitė", f"{who}@example.com", "Neatvežė šaldytuvo", body, "")


def read(delivery: Delivery, connection: Connection) -> TicketEvent | Ignored:
    """Verify with the real signature, then read."""
    HELPDESK.verify(delivery, [SECRET], datetime.now(UTC))
    return HELPDESK.read(delivery, connection)


async def as_agent(rt: RunningDesk, method: str, path: str, body: dict[str, str]) -> None:
    client = HelpdeskClient(f"{rt.base_url}/REST/2.0", {"Authorization": f"token {rt.agent_token}"})
    await client.write(method, path, body)
    await client.close()


async def keyed(rt: RunningDesk, connection: Connection, reference: str) -> list[str]:
    client = HelpdeskClient(f"{rt.base_url}/REST/2.0", {"Authorization": f"token {connection.token}"})
    answer = await client.get("transactions", {"query": f"CF.{{RecoveryKey}} = '{reference}'"})
    await client.close()
    return [item["id"] for item in answer.json()["items"]]


async def test_everything_that_initialdata_makes_is_there(desk: Desk) -> None:
    assert [check.ok for check in await desk.check()] == [True] * 5


async def test_a_customers_mail_becomes_a_case(rt: RunningDesk, door: Door, desk: Desk, connection: Connection) -> None:
    ticket_id = rt.file_ticket(sample("mail"))
    event = read(door.wait_for(ticket_id, "Create"), connection)
    assert isinstance(event, TicketEvent)
    assert (event.kind, event.author, event.ticket_id) == (EventKind.CREATED, Author.REQUESTER, ticket_id)
    ticket = await desk.fetch_ticket(ticket_id)
    assert [(one.text.strip(), one.author) for one in ticket.messages] == [(COMPLAINT, Author.REQUESTER)]
    assert (ticket.subject, ticket.group, ticket.status) == ("Neatvežė šaldytuvo", "Support", "new")
    assert (ticket.requester.name, ticket.requester.email) == ("Rūta Žukaitė", "mail@example.com")
    assert ticket_id in await desk.recent_tickets(5)


async def test_a_changed_delivery_is_refused(rt: RunningDesk, door: Door) -> None:
    genuine = door.wait_for(rt.file_ticket(sample("forged")), "Create")
    HELPDESK.verify(genuine, [SECRET], datetime.now(UTC))
    with pytest.raises(DeliveryRejected):
        forged = dataclasses.replace(genuine, body=genuine.body.replace(b"forged@", b"others@"))
        HELPDESK.verify(forged, [SECRET], datetime.now(UTC))


async def test_a_note_is_private_exact_and_written_once(
    rt: RunningDesk, door: Door, desk: Desk, connection: Connection
) -> None:
    ticket_id = rt.file_ticket(sample("note"))
    assert await desk.find_written(ticket_id, REFERENCE) is None
    written = await desk.add_note(ticket_id, NOTE)
    assert await desk.find_written(ticket_id, REFERENCE) == written
    assert await keyed(rt, connection, REFERENCE) == [written.external_id]
    ours = [one for one in (await desk.fetch_ticket(ticket_id)).messages if one.author is Author.BOT]
    assert [(one.id, one.text, one.html, one.public) for one in ours] == [(written.external_id, HTML, True, False)]
    assert REFERENCE not in rt.mail.read_text("utf-8", "replace"), "a note was mailed"
    echo = read(door.wait_for(ticket_id, "Comment"), connection)
    assert isinstance(echo, Ignored) and echo.code == "own"


async def test_a_reply_is_mailed_and_neither_it_nor_its_cascade_comes_back(
    rt: RunningDesk, door: Door, desk: Desk, connection: Connection
) -> None:
    ticket_id = rt.file_ticket(sample("reply"))
    written = await desk.add_reply(ticket_id, "We are sorry.", "HR-ABCDEFGH")
    assert await desk.find_written(ticket_id, "HR-ABCDEFGH") == written
    assert "HR-ABCDEFGH" in rt.mail.read_text("utf-8", "replace")
    codes = [read(door.wait_for(ticket_id, kind), connection) for kind in ("Correspond", "Status")]
    assert [one.code for one in codes if isinstance(one, Ignored)] == ["own", "cascade"]
    assert (await desk.fetch_ticket(ticket_id)).status == "open"


async def test_a_missed_mail_is_found_by_poll(rt: RunningDesk, door: Door, desk: Desk, connection: Connection) -> None:
    ticket_id = rt.file_ticket(sample("poll"))
    start = await desk.poll(None)
    await desk.add_reply(ticket_id, "We are sorry.", "HR-ABCDEFGH")
    door.closed = True
    rt.reply(ticket_id, sample("poll", "Vis dar nieko!\n\n> We are sorry.\n> Ref HR-ABCDEFGH"))
    door.closed = False
    missed = [one for one in (await desk.poll(start.cursor)).events if one.ticket_id == ticket_id]
    assert [one.kind for one in missed] == [EventKind.REPLIED]
    rt.reply(ticket_id, sample("poll", "Kada?"))
    heard = read(door.wait_for(ticket_id, "Correspond", "poll@example.com"), connection)
    again = [one for one in (await desk.poll(start.cursor)).events if one.ticket_id == ticket_id]
    assert [one.key for one in again] == [missed[0].key, getattr(heard, "key", None)]
    assert "Vis dar nieko!" in (await desk.fetch_ticket(ticket_id)).customer_messages()[1].text


async def test_what_agents_do_is_observed(rt: RunningDesk, door: Door, desk: Desk, connection: Connection) -> None:
    ticket_id = rt.file_ticket(sample("agent"))
    for how in ("correspond", "comment"):
        message = {"Content": "Skambinome į sandėlį.", "ContentType": "text/plain"}
        await as_agent(rt, "POST", f"ticket/{ticket_id}/{how}", message)
    await as_agent(rt, "PUT", f"ticket/{ticket_id}", {"Status": "resolved"})
    kinds = ("Correspond", "Comment", "Status")
    events = [read(door.wait_for(ticket_id, kind, '"creator":"agent"'), connection) for kind in kinds]
    expected = [EventKind.AGENT_REPLIED, EventKind.NOTED, EventKind.STATUS_CHANGED]
    assert [getattr(one, "kind", one) for one in events] == expected
    messages = (await desk.fetch_ticket(ticket_id)).messages
    assert [one.author for one in messages] == [Author.REQUESTER, Author.AGENT, Author.AGENT]


async def test_a_text_ending_with_our_reference_is_ours_without_the_field(
    rt: RunningDesk, door: Door, connection: Connection
) -> None:
    """The agent may not see the custom field, so RT drops it: the scrip has to find it in the text."""
    ticket_id = rt.file_ticket(sample("marker"))
    await as_agent(rt, "POST", f"ticket/{ticket_id}/comment", {"Content": HTML, "ContentType": "text/html"})
    result = read(door.wait_for(ticket_id, "Comment"), connection)
    assert isinstance(result, Ignored) and result.code == "own"


async def test_merged_and_unknown_tickets_are_told_apart(rt: RunningDesk, desk: Desk) -> None:
    first, second = rt.file_ticket(sample("merged-a")), rt.file_ticket(sample("merged-b"))
    await as_agent(rt, "PUT", f"ticket/{first}", {"MergeInto": second})
    with pytest.raises(TicketGone, match=f"merged into {second}"):
        await desk.fetch_ticket(first)
    with pytest.raises(TicketNotVisible):
        await desk.add_note("999999", NOTE)
    assert len((await desk.fetch_ticket(second)).messages) == 2
