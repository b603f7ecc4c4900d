"""A real django-helpdesk for the tests of this folder, and our webhook door as it meets it."""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from helpdesk_recovery.sdk import Connection, Delivery, Desk, Sample
from helpdesk_recovery_webhooks.django_helpdesk import HELPDESK
from helpdesk_recovery_webhooks.django_helpdesk.demo import DEMO, DjangoHelpdeskDemo
from helpdesk_recovery_webhooks.django_helpdesk.demo.process import exchange
from helpdesk_recovery_webhooks.django_helpdesk.demo.running import RunningDesk

SECRET = "a-real-secret-between-the-two-9Zk4"
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


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    door = Door()
    yield door
    door.shut()


@pytest.fixture(scope="module")
def start(door: Door) -> Callable[..., RunningDesk]:
    """Start a helpdesk in a folder, with its hooks on our door."""
    if missing := DEMO.missing():
        pytest.skip(missing)

    def begin(folder: Path, demo: DjangoHelpdeskDemo = DEMO) -> RunningDesk:
        url = f"http://127.0.0.1:{door.port}/webhooks/django_helpdesk/shop"
        return demo.start(folder, url, SECRET, lambda _: None)

    return begin


@pytest.fixture(scope="module")
def helpdesk(start: Callable[..., RunningDesk], tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDesk]:
    desk = start(tmp_path_factory.mktemp("django-helpdesk"))
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
