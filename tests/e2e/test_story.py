"""From a ticket in a real helpdesk to its notes, with the service killed in between: one note per changed decision."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from helpdesk_recovery.sdk.demo import Sample
from installation.desk import RealDesk, references, words
from installation.home import Installation
from installation.killing import Killer
from installation.waiting import until

pytestmark = [pytest.mark.real, pytest.mark.faults, pytest.mark.timeout(600)]

OPTIONS = ("settle_seconds=6", "poll_seconds=2")
PATIENCE_SECONDS = 240.0
COUNTS = [
    pytest.param("sqlite", 10),
    pytest.param("sqlite", 50, marks=[pytest.mark.nightly, pytest.mark.timeout(3600)]),
    pytest.param("postgresql", 50, marks=[pytest.mark.nightly, pytest.mark.timeout(3600)]),
]

NOTES = "SELECT ticket_id, count(*) FROM effects WHERE state = 'done' GROUP BY ticket_id"
EVENTS = (
    "SELECT c.ticket_id, count(*) FROM case_records r JOIN cases c ON c.id = r.case_id"
    " WHERE r.stage = 'observation' GROUP BY c.ticket_id"
)
WAITING = (
    "SELECT count(*) FROM deliveries WHERE state = 'pending' UNION ALL"
    " SELECT count(*) FROM cases WHERE due_at IS NOT NULL UNION ALL"
    " SELECT count(*) FROM effects WHERE state NOT IN ('done')"
)


@dataclass(frozen=True)
class Story:
    """What one customer writes: a complaint, an impatient line, and news that make it worse."""

    first: Sample
    news: str
    worse: str


ENGLISH = Story(
    Sample(
        "Edith Marlow",
        "edith@example.com",
        "Heater, model H20",
        "Hello,\n\nthe heater that I bought stopped working after two days. I would like a new one, please.\n\nEdith",
        "",
    ),
    "Any news?",
    "Last night it began to smoke and the plug melted. My husband burned his hand and was treated at the hospital.",
)
SWEDISH = Story(
    Sample(
        "Malin Ek",
        "malin@example.com",
        "Trasigt element",
        "Hej!\n\nElementet som jag köpte av er slutade fungera efter två dagar. Jag vill ha ett nytt, tack.\n\nMalin",
        "",
    ),
    "Några nyheter?",
    "I natt började elementet ryka och kontakten smälte. Min man brände handen och fick vård på sjukhuset.",
)


class Batch:
    """Six customers and their tickets, all at once."""

    def __init__(self, desk: RealDesk, home: Installation, number: int) -> None:
        self._desk = desk
        self._home = home
        self._stories = [_named(story, f"{number}{which}") for which in "abc" for story in (ENGLISH, SWEDISH)]
        self.tickets = [desk.file(story.first) for story in self._stories]

    def go_on(self) -> None:
        """Let everybody write what they have to write, each after what came of the line before."""
        self._until_notes(1)
        self._reply([story.news for story in self._stories])
        self._until_events(2)
        self._reply([story.worse for story in self._stories])
        self._until_notes(2)
        for ticket_id in self.tickets:
            self._desk.agent_replies(ticket_id, "We are looking into it.")
        self._until_events(4)

    def _reply(self, texts: Sequence[str]) -> None:
        for ticket_id, story, text in zip(self.tickets, self._stories, texts, strict=True):
            self._desk.reply(ticket_id, replace(story.first, body=text))

    def _until_notes(self, count: int) -> None:
        self._until(NOTES, count, f"{count} note(s) on every ticket")

    def _until_events(self, count: int) -> None:
        self._until(EVENTS, count, f"{count} event(s) heard of every ticket")

    def _until(self, query: str, count: int, what: str) -> None:
        def all_there() -> bool:
            found = {row[0]: row[1] for row in self._home.rows(query)}
            return all(found.get(ticket_id, 0) >= count for ticket_id in self.tickets)

        until(all_there, PATIENCE_SECONDS, what, every=0.5)


@pytest.mark.parametrize(("database", "kills"), COUNTS)
def test_each_changed_decision_is_one_note_whenever_the_service_is_killed(
    desk: RealDesk, homes: list[Installation], tmp_path: Path, request: pytest.FixtureRequest, database: str, kills: int
) -> None:
    home = connected(desk, homes, tmp_path, request, database)
    server = home.server()
    server.start_and_wait()
    processes = [server, home.worker()] if database == "postgresql" else [server]
    for worker in processes[1:]:
        worker.start()
    until(lambda: home.rows("SELECT 1 FROM connections WHERE poll_cursor IS NOT NULL"), 30, "the first poll")
    seed = secrets.randbits(32)
    batches: list[Batch] = []
    with Killer(processes, kills, seed) as killer:
        while killer.busy or not batches:
            batches.append(Batch(desk, home, len(batches)))
            batches[-1].go_on()
        killer.finish()
    print(f"seed {seed}; lived {killer.moments} seconds; {len(batches)} batches")
    _until_quiet(home)
    tickets = [ticket_id for batch in batches for ticket_id in batch.tickets]
    for ticket_id in tickets:
        _as_it_should_be(desk, ticket_id)
    _nothing_else_happened(home, tickets)


def connected(
    desk: RealDesk, homes: list[Installation], folder: Path, request: pytest.FixtureRequest, database: str
) -> Installation:
    """Return an installation, connected by the real commands, that listens where the helpdesk calls."""
    sqlite = f"sqlite:///{folder / 'recovery.sqlite3'}"
    url = sqlite if database == "sqlite" else request.getfixturevalue("postgres_url")
    home = Installation(folder, url, desk.port)
    homes.append(home)
    home.connect(desk.helpdesk, desk.url, *desk.options, *OPTIONS, token=desk.token)
    return home


def _until_quiet(home: Installation) -> None:
    """Wait until nothing is left to do, and two more polls have found nothing more."""
    seen: set[object] = set()

    def quiet() -> bool:
        if any(row[0] for row in home.rows(WAITING)):
            seen.clear()
        seen.update(row[0] for row in home.rows("SELECT poll_due_at FROM connections"))
        return len(seen) > 3

    until(quiet, PATIENCE_SECONDS, "nothing left to do", every=0.5)


def _as_it_should_be(desk: RealDesk, ticket_id: str) -> None:
    """Two internal notes, the second of which replaces the first; the ticket's title is its customer's."""
    ticket = desk.ticket(ticket_id)
    notes = [message for message in ticket.messages if references(message)]
    assert len(notes) == 2, f"ticket {ticket_id}: {[references(note) for note in notes]}"
    first, second = notes
    assert not first.public and not second.public
    assert len(references(first)) == len(references(second)) == 1
    assert references(first) != references(second)
    assert not words(first).startswith("Replaces")
    assert words(second).startswith("Replaces") and "CALL FIRST" in words(second)
    assert ticket.subject.startswith((ENGLISH.first.subject, SWEDISH.first.subject))
    assert len(ticket.customer_messages()) == 3


def _nothing_else_happened(home: Installation, tickets: Sequence[str]) -> None:
    """Every event was heard once, our own writing started nothing, and all of it is settled."""
    cases = Counter(row[0] for row in home.rows("SELECT ticket_id FROM cases"))
    assert cases == Counter(tickets)
    made = home.rows("SELECT ticket_id, key FROM effects WHERE state = 'done'")
    assert Counter(row[0] for row in made) == dict.fromkeys(tickets, 2)
    what = "SELECT r.content FROM case_records r WHERE r.stage = 'observation'"
    heard = Counter(_kind(row[0]) for row in home.rows(what))
    expected = {"ticket.created": 1, "ticket.replied": 2, "ticket.agent_replied": 1}
    assert {kind: heard[kind] for kind in expected} == {kind: n * len(tickets) for kind, n in expected.items()}
    assert home.rows("SELECT reason FROM deliveries WHERE state = 'quarantined'") == []
    assert home.rows("SELECT 1 FROM deliveries WHERE reason LIKE 'own%'"), "our own notes came back and were known"


def _kind(content: object) -> str:
    found = json.loads(content) if isinstance(content, str) else content
    assert isinstance(found, dict)
    return str(found["what"])


def _named(story: Story, suffix: str) -> Story:
    """Return the story of another customer."""
    first = story.first
    email = first.email.replace("@", f".{suffix}@")
    return replace(story, first=replace(first, subject=f"{first.subject} ({suffix})", email=email))
