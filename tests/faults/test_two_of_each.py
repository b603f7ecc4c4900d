"""On PostgreSQL two ``serve`` and two ``worker`` processes share the work, and one takes over from the other."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from threading import Event

import pytest
from installation.home import Installation, free_port
from installation.process import Process, Server
from installation.receiver import Receiver
from installation.sending import Sender, complaint, side_by_side
from installation.waiting import until

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("processes")]

TICKETS = [f"t{number}" for number in range(40)]
LEASE_SECONDS = 5.0
SETTLE_SECONDS = 1.0
IN_HAND = "SELECT leased_by FROM cases WHERE leased_by IS NOT NULL"
UNFINISHED = "SELECT id FROM effects WHERE state <> 'done'"
DONE = "SELECT ticket_id FROM effects WHERE state = 'done'"


@dataclass
class Four:
    """Two doors and two workers on one database."""

    home: Installation
    doors: list[Server]
    workers: list[Process]

    def deliver(self) -> None:
        """Deliver all tickets, half of them through each door, four at a time."""
        side_by_side([lambda share=share: self._share(share) for share in range(4)])  # type: ignore[misc]

    def _share(self, share: int) -> None:
        with closing(Sender(self.doors[share % 2].port)) as sender:
            for ticket in TICKETS[share::4]:
                assert sender.deliver(f"evt-{ticket}", complaint(ticket), Event())

    def in_hand(self) -> Counter[int]:
        """Return how many cases each worker has in hand, by its process id."""
        return Counter(int(row[0].split("_")[-2]) for row in self.home.rows(IN_HAND))


@pytest.fixture
def four(home_on_postgres: Installation) -> Iterator[Four]:
    home = home_on_postgres
    made = Four(home, [home.server(), home.server(port=free_port())], [home.worker(), home.worker()])
    for worker in made.workers:
        worker.start()
    for door in made.doors:
        door.start_and_wait()
    for worker in made.workers:
        until(lambda worker=worker: worker.said("worker started"), 30, "the worker works")  # type: ignore[misc]
    yield made
    print(*(worker.tail() for worker in made.workers), sep="\n---\n")


def finished(home: Installation) -> bool:
    return not home.rows(UNFINISHED) and len(home.rows(DONE)) == len(TICKETS)


def test_they_share_the_work(four: Four, receiver: Receiver) -> None:
    four.deliver()
    until(lambda: finished(four.home), 60, "every ticket has its note")
    assert receiver.writes() == Counter(TICKETS)
    assert set(receiver.tries.values()) == {1}, "a note was sent twice although nobody failed"
    assert all(worker.said("effect") for worker in four.workers), "one worker did nothing"


def test_when_one_worker_is_killed_the_other_takes_over_by_itself(four: Four, receiver: Receiver) -> None:
    receiver.held.clear()
    four.deliver()
    until(lambda: set(receiver.writes()) == set(TICKETS), 60, "every note is being written")
    victim, survivor = four.workers
    held = four.in_hand()
    assert held[victim.pid] and held[survivor.pid], f"both must have something in hand: {held}"
    victim.kill()
    killed_at = time.monotonic()
    receiver.held.set()
    until(lambda: victim.pid not in four.in_hand(), LEASE_SECONDS + 2, "the survivor has what the other had in hand")
    until(lambda: finished(four.home), 30, "every ticket has its note")
    print(f"{held[victim.pid]} cases taken over and done after {time.monotonic() - killed_at:.1f} s")
    assert time.monotonic() - killed_at < LEASE_SECONDS + 2 + SETTLE_SECONDS
    assert receiver.writes() == Counter(TICKETS)


def test_when_a_door_is_killed_the_other_takes_all(four: Four, receiver: Receiver) -> None:
    four.doors[0].kill()
    four.doors[0].port = four.doors[1].port  # what a proxy in front of both does
    four.deliver()
    until(lambda: finished(four.home), 60, "every ticket has its note")
    assert receiver.writes() == Counter(TICKETS)
