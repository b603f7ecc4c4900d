"""Put events on cases: each once, whatever it came by, and each raising its case's generation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from helpdesk_recovery.domain.ticket import TicketEvent
from helpdesk_recovery.storage import codec
from helpdesk_recovery.storage.ids import new_id
from helpdesk_recovery.storage.schema import Instant
from helpdesk_recovery.storage.tables import case_events, cases


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event that came in; ``starts`` tells whether it may start a case of its own."""

    account: str
    connection_id: str
    event: TicketEvent
    starts: bool


@dataclass(frozen=True, slots=True)
class Attached:
    """Where an event went: its case, or None when it may not start one; ``fresh`` is False for a repeat."""

    case_id: str | None
    fresh: bool


def attach(connection: Connection, arrivals: Sequence[Arrival], now: datetime) -> list[Attached]:
    """Attach all *arrivals* in the caller's transaction; results are in their order.

    Raises IntegrityError when another worker attaches the same new ticket or event at this very moment: the
    caller does it again and then finds what the other made.
    """
    results: dict[int, Attached] = {}
    by_connection: dict[str, list[tuple[int, Arrival]]] = {}
    for number, arrival in enumerate(arrivals):
        by_connection.setdefault(arrival.connection_id, []).append((number, arrival))
    for connection_id in sorted(by_connection):
        results |= _attach_for(connection, connection_id, by_connection[connection_id], now)
    return [results[number] for number in range(len(arrivals))]


def _attach_for(
    connection: Connection, connection_id: str, numbered: Sequence[tuple[int, Arrival]], now: datetime
) -> dict[int, Attached]:
    ticket_ids = {arrival.event.ticket_id for _, arrival in numbered}
    existing = _lock_cases(connection, connection_id, ticket_ids)
    known = _known_events(connection, connection_id, {arrival.event.key for _, arrival in numbered})
    plan = _Plan(connection_id, existing, known, now)
    results = {number: plan.place(arrival) for number, arrival in numbered}
    plan.store(connection)
    return results


def _lock_cases(connection: Connection, connection_id: str, ticket_ids: set[str]) -> dict[str, tuple[str, int]]:
    """Return ticket id → (case id, generation), locked in one order by everybody."""
    query = (
        select(cases.c.ticket_id, cases.c.id, cases.c.generation)
        .where(cases.c.connection_id == connection_id, cases.c.ticket_id.in_(sorted(ticket_ids)))
        .order_by(cases.c.id)
        .with_for_update()
    )
    return {ticket: (case_id, generation) for ticket, case_id, generation in connection.execute(query)}


def _known_events(connection: Connection, connection_id: str, keys: set[str]) -> dict[str, str]:
    query = select(case_events.c.key, case_events.c.case_id).where(
        case_events.c.connection_id == connection_id, case_events.c.key.in_(sorted(keys))
    )
    return {key: case_id for key, case_id in connection.execute(query)}


class _Plan:
    """What is to be inserted and changed for one connection."""

    def __init__(
        self, connection_id: str, existing: dict[str, tuple[str, int]], known: dict[str, str], now: datetime
    ) -> None:
        self._connection_id = connection_id
        self._cases = existing
        self._known = known
        self._now = now
        self._new_cases: list[dict[str, Any]] = []
        self._new_events: list[dict[str, Any]] = []
        self._raised: Counter[str] = Counter()

    def place(self, arrival: Arrival) -> Attached:
        """Decide where one arrival goes."""
        event = arrival.event
        if event.key in self._known:
            return Attached(self._known[event.key], fresh=False)
        if event.ticket_id not in self._cases:
            if not arrival.starts:
                return Attached(None, fresh=True)
            self._start_case(arrival)
        case_id, generation = self._cases[event.ticket_id]
        self._cases[event.ticket_id] = case_id, generation + 1
        self._raised[case_id] += 1
        self._known[event.key] = case_id
        row = {"case_id": case_id, "connection_id": self._connection_id, "key": event.key}
        self._new_events.append({**row, "generation": generation + 1, "event": codec.ready(event)})
        return Attached(case_id, fresh=True)

    def _start_case(self, arrival: Arrival) -> None:
        case_id = new_id("case")
        self._cases[arrival.event.ticket_id] = case_id, 0
        self._new_cases.append(
            {
                "id": case_id,
                "account_id": arrival.account,
                "connection_id": self._connection_id,
                "ticket_id": arrival.event.ticket_id,
                "state": "open",
                "created_at": self._now,
                "updated_at": self._now,
                "generation": 0,
                "worked": 0,
            }
        )

    def store(self, connection: Connection) -> None:
        """Write it down; a case with something new is open, due now, and its tries are forgotten."""
        if self._new_cases:
            connection.execute(insert(cases), sorted(self._new_cases, key=lambda row: str(row["ticket_id"])))
        if self._raised:
            rows = [{"case": case_id, "by": n, "now": self._now} for case_id, n in sorted(self._raised.items())]
            connection.execute(_RAISE, rows)
        if self._new_events:
            connection.execute(insert(case_events), self._new_events)


_NOW = bindparam("now", type_=Instant)
_RAISE = (
    update(cases)
    .where(cases.c.id == bindparam("case"))
    .values(generation=cases.c.generation + bindparam("by"), updated_at=_NOW, due_at=_NOW, tries=0)
    .values(state="open", reason=None)
)
