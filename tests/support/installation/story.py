"""What customers write, and agents, while the service is killed: a few tickets side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from helpdesk_recovery.sdk.demo import Sample
from installation.desk import RealDesk
from installation.home import Installation
from installation.waiting import until

PATIENCE_SECONDS = 240.0

NOTES = "SELECT ticket_id, count(*) FROM effects WHERE state = 'done' GROUP BY ticket_id"
EVENTS = (
    "SELECT c.ticket_id, count(*) FROM case_records r JOIN cases c ON c.id = r.case_id"
    " WHERE r.stage = 'observation' GROUP BY c.ticket_id"
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
    """Four customers and their tickets, all at once."""

    def __init__(self, desk: RealDesk, home: Installation, number: int) -> None:
        self._desk = desk
        self._home = home
        self._stories = [_named(story, f"{number}{which}") for which in "ab" for story in (ENGLISH, SWEDISH)]
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


def _named(story: Story, suffix: str) -> Story:
    """Return the story of another customer."""
    first = story.first
    email = first.email.replace("@", f".{suffix}@")
    return replace(story, first=replace(first, subject=f"{first.subject} ({suffix})", email=email))
