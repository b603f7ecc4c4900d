"""What must be true in the end: one note per changed decision, nothing lost, nothing doubled."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from installation.desk import RealDesk, references, words
from installation.home import Installation
from installation.story import ENGLISH, PATIENCE_SECONDS, SWEDISH
from installation.waiting import until

WAITING = (
    "SELECT count(*) FROM deliveries WHERE state = 'pending' UNION ALL"
    " SELECT count(*) FROM cases WHERE due_at IS NOT NULL UNION ALL"
    " SELECT count(*) FROM effects WHERE state <> 'done'"
)


def until_quiet(home: Installation) -> None:
    """Wait until nothing is left to do, and two more polls have found nothing more."""
    seen: set[object] = set()

    def quiet() -> bool:
        if any(row[0] for row in home.rows(WAITING)):
            seen.clear()
        seen.update(row[0] for row in home.rows("SELECT poll_due_at FROM connections"))
        return len(seen) > 2

    until(quiet, PATIENCE_SECONDS, "nothing left to do", every=0.5)


def noted_as_it_should_be(desk: RealDesk, ticket_id: str) -> None:
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


def nothing_else_happened(home: Installation, tickets: Sequence[str]) -> None:
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
