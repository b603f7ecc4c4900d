"""A stand-in for our door that keeps nothing for us: deliveries to it are missed, and can arrive late."""

from __future__ import annotations

import threading
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Recorded = tuple[str, dict[str, str], bytes]


class DeafDoor:
    """Answers 503 to every delivery on *port*, and remembers it as it came."""

    def __init__(self, port: int) -> None:
        self.missed: list[Recorded] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self.missed))
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def arrive_late(recorded: Recorded, port: int) -> int:
    """Deliver what was missed to *port*, byte by byte as it was; return the status."""
    path, headers, body = recorded
    connection = HTTPConnection("127.0.0.1", port, timeout=15)
    try:
        connection.request("POST", path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def _handler(missed: list[Recorded]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            missed.append((self.path, dict(self.headers.items()), body))
            self.send_response(503)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
