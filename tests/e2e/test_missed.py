"""A delivery that never came is found by looking; when it comes after all, nothing happens twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk_recovery.sdk.demo import Sample
from installation.desk import RealDesk, references
from installation.home import Installation
from installation.recording import DeafDoor, arrive_late
from installation.waiting import until

pytestmark = [pytest.mark.real, pytest.mark.timeout(300)]

SAMPLE = Sample(
    "Rasa Petraitė",
    "rasa@example.com",
    "Kettle in pieces",
    "The kettle I ordered arrived broken, and I am very disappointed. I want a replacement, please.",
    "",
)
NOTES = "SELECT key FROM effects WHERE state = 'done'"


def test_a_missed_delivery_is_worked_once_even_when_it_arrives_late(
    desk: RealDesk, homes: list[Installation], tmp_path: Path
) -> None:
    home = Installation(tmp_path, f"sqlite:///{tmp_path / 'recovery.sqlite3'}")
    homes.append(home)
    home.connect(desk.helpdesk, desk.url, *desk.options, "poll_seconds=2", token=desk.token)
    home.server().start_and_wait()
    until(lambda: home.rows("SELECT 1 FROM connections WHERE poll_cursor IS NOT NULL"), 30, "the first poll")
    deaf = DeafDoor(desk.port)
    try:
        ticket_id = desk.file(SAMPLE)
        (key,) = until(lambda: home.rows(NOTES), 60, "the poll finds the ticket, and it gets its note")[0]
        assert [references(note) for note in desk.notes(ticket_id)] == [[key]]
        until(lambda: deaf.missed, 10, "the helpdesk had tried to deliver")
    finally:
        deaf.close()
    assert home.rows("SELECT id FROM deliveries") == [], "nothing came by webhook until now"
    assert {arrive_late(one, home.port) for one in deaf.missed} == {202}
    until(lambda: not home.rows("SELECT id FROM deliveries WHERE state = 'pending'"), 30, "what came late is settled")
    assert ("done",) in home.rows("SELECT state FROM deliveries"), "the late delivery was read and known"
    assert len(home.rows("SELECT key FROM case_events")) == 1
    until(lambda: not home.rows("SELECT id FROM cases WHERE due_at IS NOT NULL"), 30, "nothing is left to do")
    assert [references(note) for note in desk.notes(ticket_id)] == [[key]]
