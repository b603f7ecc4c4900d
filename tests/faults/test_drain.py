"""SIGTERM under load: it says that it goes, finishes what it has begun, and ends well; nothing taken is lost."""

from __future__ import annotations

import socket
import time
from contextlib import closing
from datetime import UTC, datetime
from threading import Thread

import pytest

from helpdesk_recovery.sdk.signatures import sign_standard
from installation.home import SECRET, Installation
from installation.process import Server
from installation.receiver import Receiver
from installation.sending import PATH, Load, rating
from installation.waiting import until

pytestmark = pytest.mark.faults

LONGEST_DRAIN_SECONDS = 15.0
SHORTEST_NOTICE_SECONDS = 0.3
COUNTS = [3, pytest.param(200, marks=[pytest.mark.nightly, pytest.mark.timeout(7200)])]


class Slow:
    """A delivery whose second half comes only when told: it is under way meanwhile."""

    def __init__(self, server: Server, event_id: str) -> None:
        body = rating(event_id)
        headers = sign_standard(SECRET, event_id, datetime.now(UTC), body)
        lines = [f"POST {PATH} HTTP/1.1", "Host: desk", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._rest = body[20:]
        self._socket = socket.create_connection(("127.0.0.1", server.port), timeout=15)
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode() + body[:20])

    def finish(self) -> int:
        """Send the rest; return the status of the answer, or 0 without one."""
        with closing(self._socket):
            self._socket.sendall(self._rest)
            answer = self._socket.recv(4096)
        return int(answer.split(b" ")[1]) if answer else 0


class Readiness:
    """Asks ``/readyz`` until the socket is closed; remembers each answer, None for a closed socket, and its moment."""

    def __init__(self, server: Server) -> None:
        self.answers: list[int | None] = []
        self._moments: list[float] = []
        self._server = server
        self._thread = Thread(target=self._ask)
        self._thread.start()

    def _ask(self) -> None:
        while not self.answers or self.answers[-1] is not None:
            self.answers.append(self._server.status("/readyz"))
            self._moments.append(time.monotonic())

    def until_closed(self) -> float:
        """Wait for that; return the seconds for which it said no before."""
        self._thread.join()
        return self._moments[-1] - self._moments[self.answers.index(503)]

    def in_order(self) -> bool:
        """First ready, then not ready, and only then closed."""
        changes = [answer for answer, before in zip(self.answers, [0, *self.answers], strict=False) if answer != before]
        return changes in ([200, 503, None], [503, None])


@pytest.mark.parametrize("times", COUNTS)
def test_it_drains(home: Installation, receiver: Receiver, times: int) -> None:
    server = home.server()
    acked: set[str] = set()
    for turn in range(times):
        server.start_and_wait()
        acked |= _drain_once(server, turn)
    stored = [row[0] for row in home.rows("SELECT signed_id FROM deliveries")]
    assert acked - set(stored) == set()
    assert len(stored) == len(set(stored))


def _drain_once(server: Server, turn: int) -> set[str]:
    """Terminate *server* under load; return the ids that it acknowledged."""
    slow_ids = [f"slow-{turn}-{which}" for which in ("notice", "closed")]
    with Load(server.port, prefix=f"{turn}-") as load:
        until(lambda: len(load.acked) > 20, 20, "deliveries are taken")
        first, second = (Slow(server, event_id) for event_id in slow_ids)
        readiness = Readiness(server)
        server.terminate()
        told_at = time.monotonic()
        until(lambda: 503 in readiness.answers, 5, "/readyz says no")
        assert first.finish() == 202, "a delivery that was under way got no answer"
        notice = readiness.until_closed()
        assert second.finish() == 202, "a delivery that was under way when the socket closed got no answer"
        code = server.ended(LONGEST_DRAIN_SECONDS)
        print(f"drained in {time.monotonic() - told_at:.1f} s, said so for {notice:.1f} s before the socket closed")
    assert code == 0, server.tail()
    assert readiness.in_order(), f"/readyz answered {readiness.answers}"
    assert notice > SHORTEST_NOTICE_SECONDS, "a proxy in front could not look elsewhere in time"
    assert set(load.answers) <= {202, 503, 0}
    return {*load.acked, *slow_ids}
