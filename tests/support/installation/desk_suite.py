"""What every real helpdesk goes through, from ticket to notes."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import ClassVar

import pytest

from helpdesk_recovery.sdk.demo import Sample
from installation.desk import RealDesk, references
from installation.home import Installation
from installation.killing import Killer
from installation.outcome import noted_as_it_should_be, nothing_else_happened, until_quiet
from installation.recording import DeafDoor, arrive_late
from installation.story import Batch
from installation.waiting import until

COUNTS = [
    pytest.param("sqlite", 10, marks=pytest.mark.timeout(600)),
    pytest.param("sqlite", 50, marks=[pytest.mark.nightly, pytest.mark.timeout(3600)]),
    pytest.param("postgresql", 50, marks=[pytest.mark.nightly, pytest.mark.timeout(3600)]),
]
OPTIONS = ("settle_seconds=6", "poll_seconds=2")
POLLED = "SELECT 1 FROM connections WHERE poll_cursor IS NOT NULL"
SAMPLE = Sample(
    "Priya Shah",
    "priya@example.com",
    "Kettle in pieces",
    "The kettle I ordered arrived broken, and I am very disappointed. I want a replacement, please.",
    "",
)


class DeskSuite:
    """Subclass it and name the ``helpdesk``; the fixture ``desk`` is the real one."""

    helpdesk: ClassVar[str]

    @pytest.mark.parametrize(("database", "kills"), COUNTS)
    def test_each_changed_decision_is_one_note_whenever_the_service_is_killed(
        self,
        desk: RealDesk,
        homes: list[Installation],
        tmp_path: Path,
        request: pytest.FixtureRequest,
        database: str,
        kills: int,
    ) -> None:
        sqlite = f"sqlite:///{tmp_path / 'recovery.sqlite3'}"
        url = sqlite if database == "sqlite" else request.getfixturevalue("postgres_url")
        homes.append(Installation(tmp_path, url, desk.port))
        tickets = _told_under_kills(desk, homes[0], kills)
        until_quiet(homes[0])
        for ticket_id in tickets:
            noted_as_it_should_be(desk, ticket_id)
        nothing_else_happened(homes[0], tickets)

    def test_a_missed_delivery_is_worked_once_even_when_it_arrives_late(
        self, desk: RealDesk, homes: list[Installation], tmp_path: Path
    ) -> None:
        home = Installation(tmp_path, f"sqlite:///{tmp_path / 'recovery.sqlite3'}")
        homes.append(home)
        _start(desk, home)
        deaf = DeafDoor(desk.port)
        try:
            ticket_id, key = _found_by_poll(desk, home)
            until(lambda: deaf.missed, 10, "the helpdesk had tried to deliver")
        finally:
            deaf.close()
        assert home.rows("SELECT id FROM deliveries") == [], "nothing came by webhook until now"
        assert {arrive_late(one, home.port) for one in deaf.missed} == {202}
        pending = "SELECT id FROM deliveries WHERE state = 'pending'"
        until(lambda: not home.rows(pending), 30, "what came late is settled")
        assert ("done",) in home.rows("SELECT state FROM deliveries"), "the late delivery was read and known"
        assert len(home.rows("SELECT key FROM case_events")) == 1
        until(lambda: not home.rows("SELECT id FROM cases WHERE due_at IS NOT NULL"), 30, "nothing is left to do")
        assert [references(note) for note in desk.notes(ticket_id)] == [[key]]


def _start(desk: RealDesk, home: Installation) -> None:
    """Connect by the real commands, serve, and wait until it knows where to look from."""
    home.connect(desk.helpdesk, desk.url, *desk.options, *OPTIONS, token=desk.token)
    home.server().start_and_wait()
    if not home.sqlite:
        home.worker().start()
    until(lambda: home.rows(POLLED), 60, "the first poll")


def _told_under_kills(desk: RealDesk, home: Installation, kills: int) -> list[str]:
    """Let customers tell their stories until *kills* kills are over; return their tickets."""
    _start(desk, home)
    seed = secrets.randbits(32)
    batches: list[Batch] = []
    with Killer(home.processes, kills, seed) as killer:
        while killer.busy or not batches:
            batches.append(Batch(desk, home, len(batches)))
            batches[-1].go_on()
        killer.finish()
    print(f"seed {seed}; lived {killer.moments} seconds; {len(batches)} batches")
    return [ticket_id for batch in batches for ticket_id in batch.tickets]


def _found_by_poll(desk: RealDesk, home: Installation) -> tuple[str, str]:
    """File a ticket of which no delivery comes; return its id and the reference of its one note."""
    ticket_id = desk.file(SAMPLE)
    noted = "SELECT key FROM effects WHERE state = 'done'"
    (row,) = until(lambda: home.rows(noted), 60, "the poll finds the ticket, and it gets its note")
    assert [references(note) for note in desk.notes(ticket_id)] == [[row[0]]]
    return ticket_id, row[0]
