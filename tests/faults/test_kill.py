"""The service is killed with SIGKILL under load, again and again: what it acknowledged is there, and once."""

from __future__ import annotations

import random
import secrets
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from installation.home import Installation
from installation.process import Server
from installation.receiver import Receiver
from installation.sending import Load, Sender, complaint
from installation.waiting import pause, until

pytestmark = pytest.mark.faults

RESTART_SECONDS = 5.0
LEASE_SECONDS = 5.0
SETTLE_SECONDS = 1.0
WORKED_PER_SECOND = 200
UNFINISHED = "SELECT id FROM effects WHERE state <> 'done'"
COUNTS = [5, pytest.param(100, marks=[pytest.mark.nightly, pytest.mark.timeout(3600)])]


@dataclass
class Killed:
    """What a round of kills left: ids that were acknowledged, those that are stored, and the restarts' seconds."""

    load: Load
    stored: list[str]
    restarts: list[float]

    @property
    def lost(self) -> set[str]:
        return set(self.load.acked) - set(self.stored)


def kill_under_load(home: Installation, server: Server, kills: int) -> Killed:
    """Kill and restart *server* at moments drawn by lot while 16 senders deliver; it runs again afterwards."""
    seed = secrets.randbits(32)
    print(f"seed of the moments: {seed}")
    lot = random.Random(seed)  # noqa: S311
    server.start_and_wait()
    restarts = []
    with Load(server.port) as load:
        for _ in range(kills):
            before = len(load.acked)
            until(lambda before=before: len(load.acked) > before, 10, "deliveries are taken again")  # type: ignore[misc]
            pause(lot.uniform(0.0, 1.2))
            server.kill()
            restarts.append(server.start_and_wait())
    stored = [row[0] for row in home.rows("SELECT signed_id FROM deliveries")]
    print(f"{kills} kills, {len(load.acked)} acknowledged, {dict(load.answers)}, longest restart {max(restarts):.1f} s")
    return Killed(load, stored, restarts)


@pytest.mark.parametrize("kills", COUNTS)
def test_nothing_acknowledged_is_lost_and_nothing_is_there_twice(
    home: Installation, receiver: Receiver, kills: int
) -> None:
    worker = None if home.sqlite else home.worker()
    if worker is not None:
        worker.start()
    killed = kill_under_load(home, home.server(), kills)
    assert killed.load.answers[0] >= kills, "every kill must hit deliveries under way, else this proves nothing"
    assert len(killed.load.acked) >= 20 * kills
    assert killed.lost == set()
    assert len(killed.stored) == len(set(killed.stored))
    assert max(killed.restarts) < RESTART_SECONDS, killed.restarts
    if home.sqlite:
        assert _integrity(home.folder / "recovery.sqlite3") == "ok"
    complaints = killed.load.complaints
    assert complaints
    patience = 60 + len(killed.stored) / WORKED_PER_SECOND  # what was taken in meanwhile is worked first
    until(lambda: complaints <= set(receiver.writes()), patience, "every complaint has its note")
    assert set(receiver.writes().values()) == {1}


def test_work_in_hand_is_taken_up_again_within_the_lease(home_on_sqlite: Installation, receiver: Receiver) -> None:
    """The service is killed while it waits for a desk's answers: its notes are sent again, and stand there once."""
    server = home_on_sqlite.server()
    server.start_and_wait()
    tickets = {f"t{number}" for number in range(3)}
    receiver.held.clear()
    with closing(Sender(server.port)) as sender:
        assert [sender.send(f"evt-{one}", complaint(one)) for one in tickets] == [202] * 3
    until(lambda: tickets <= set(receiver.writes()), 20, "all writes are in hand")
    server.kill()
    killed_at = time.monotonic()
    receiver.held.set()
    server.start_and_wait()
    restart = time.monotonic() - killed_at
    until(lambda: not home_on_sqlite.rows(UNFINISHED), 30, "every note is written")
    assert time.monotonic() - killed_at < restart + LEASE_SECONDS + 2 + SETTLE_SECONDS
    assert set(receiver.tries.values()) == {2}, "each note is sent again with the id that it had"
    assert set(receiver.writes().values()) == {1}


def test_this_would_notice_an_answer_before_the_commit(home_on_sqlite: Installation) -> None:
    """The control: the same door in front of an inbox that answers first and commits later must lose something."""
    hasty = Path(__file__).with_name("hasty_serve.py")
    for _ in range(10):
        server = home_on_sqlite.server(str(hasty), str(home_on_sqlite.port))
        if kill_under_load(home_on_sqlite, server, 2).lost:
            return
        server.kill()
    pytest.fail("an inbox that answers before it commits lost nothing: the harness is blind")


def _integrity(path: Path) -> str:
    connection = sqlite3.connect(path)
    try:
        answer: str = connection.execute("PRAGMA integrity_check").fetchone()[0]
        return answer
    finally:
        connection.close()
