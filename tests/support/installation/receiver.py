"""A home-made desk's end of the wire: takes our notes, and remembers every one by its webhook-id."""

from __future__ import annotations

import json
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Receiver:
    """Drops repeats by webhook-id, as the documentation of ``standard`` asks for.

    While ``held`` is clear, answers wait: whoever writes to us has its writes in hand.
    """

    def __init__(self) -> None:
        self.tries: Counter[tuple[str, str]] = Counter()
        self.held = threading.Event()
        self.held.set()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self, webhook_id: str, event: dict[str, Any]) -> None:
        if event["type"] == "note.add":
            with self._lock:
                self.tries[event["data"]["ticket_id"], webhook_id] += 1
            self.held.wait()

    def writes(self) -> Counter[str]:
        """Return how many notes stand on each ticket."""
        with self._lock:
            return Counter(ticket for ticket, _ in self.tries)

    def close(self) -> None:
        self.held.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: Any) -> None:
        """Say nothing of a writer that was killed while we answered."""


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            receiver.take(self.headers["webhook-id"], json.loads(body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
