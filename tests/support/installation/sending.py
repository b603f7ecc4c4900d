"""A home-made desk that delivers: signed events, sent again with the same id until they are taken."""

from __future__ import annotations

import itertools
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException

from helpdesk_recovery.sdk.signatures import sign_standard
from installation.home import SECRET
from installation.waiting import pause

PATH = "/webhooks/standard/desk"
COMPLAINT = "The kettle I ordered arrived broken, and I am very disappointed. I want a replacement, please."
_AGAIN_SECONDS = 0.2


def complaint(ticket_id: str) -> bytes:
    """Return the event of a new ticket with a complaint in it."""
    at = datetime.now(UTC).isoformat()
    message = {"id": f"{ticket_id}-1", "author": "requester", "text": COMPLAINT, "created_at": at}
    ticket = {"id": ticket_id, "subject": "Kettle", "messages": [message]}
    return _event("ticket.created", {"ticket": ticket, "message_id": message["id"]})


def rating(ticket_id: str) -> bytes:
    """Return an event that is kept and leads to nothing: there is no case for its ticket."""
    return _event("ticket.rated", {"ticket": {"id": ticket_id}, "value": "5"})


def _event(kind: str, data: object) -> bytes:
    return json.dumps({"type": kind, "timestamp": datetime.now(UTC).isoformat(), "data": data}).encode()


class Sender:
    """One keep-alive connection to a door. ``answers`` counts statuses, 0 for no answer at all."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=15)
        self.answers: Counter[int] = Counter()

    def send(self, event_id: str, body: bytes) -> int:
        """Send one signed delivery; return the status, or 0 when no answer came."""
        headers = sign_standard(SECRET, event_id, datetime.now(UTC), body)
        try:
            self._connection.request("POST", PATH, body, headers)
            with self._connection.getresponse() as answer:
                answer.read()
                status = answer.status
        except (OSError, HTTPException):
            self._connection.close()
            status = 0
        self.answers[status] += 1
        return status

    def deliver(self, event_id: str, body: bytes, stop: threading.Event) -> bool:
        """Send it, with the same id, until it is taken or *stop* is set; tell whether it was taken."""
        while self.send(event_id, body) != 202:
            if stop.is_set():
                return False
            pause(_AGAIN_SECONDS)
        return True

    def close(self) -> None:
        self._connection.close()


class Load:
    """Many senders at once, each with deliveries of its own, until the block ends."""

    def __init__(self, port: int, *, prefix: str = "", senders: int = 16, complain_every: int = 25) -> None:
        self.acked: list[str] = []
        self.complaints: set[str] = set()
        self._port = port
        self._prefix = prefix
        self._every = complain_every
        self._numbers = itertools.count(1)
        self._senders: list[Sender] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(senders)]

    @property
    def answers(self) -> Counter[int]:
        """Return how often each status was answered, 0 for no answer."""
        return sum((sender.answers for sender in list(self._senders)), Counter())

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _run(self) -> None:
        with closing(Sender(self._port)) as sender:
            self._senders.append(sender)
            while not self._stop.is_set():
                number = next(self._numbers)
                self._one(sender, f"{self._prefix}{number}", number % self._every == 0)

    def _one(self, sender: Sender, name: str, complains: bool) -> None:
        body = complaint(f"t{name}") if complains else rating(f"r{name}")
        if sender.deliver(f"evt-{name}", body, self._stop):
            self.acked.append(f"evt-{name}")
            if complains:
                self.complaints.add(f"t{name}")


def side_by_side(works: Iterable[Callable[[], None]]) -> None:
    """Run all at once, and return when all are done."""
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
