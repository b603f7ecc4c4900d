"""Put events on cases: each once, whatever it came by, and each raising its case's generation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from helpdesk_recovery.domain.ticket import TicketEvent
from helpdesk_recovery.storage import codec
from helpdesk_recovery.storage.among import among
from helpdesk_recovery.storage.bulk import insert_rows
from helpdesk_recovery.storage.ids import new_id
from helpdesk_recovery.storage.schema import Instant, micros
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
        .where(cases.c.connection_id == connection_id, among(cases.c.ticket_id, sorted(ticket_ids)))
        .order_by(cases.c.id)
        .with_for_update()
    )
    return {ticket: (case_id, generation) for ticket, case_id, generation in connection.execute(query)}


def _known_events(connection: Connection, connection_id: str, keys: set[str]) -> dict[str, str]:
    query = select(case_events.c.key, case_events.c.case_id).where(
        case_events.c.connection_id == connection_id, among(case_events.c.key, sorted(keys))
    )
    return {key: case_id for key, case_id in connection.execute(query)}


_CASE: tuple[str, ...] = ("id", "account_id", "connection_id", "ticket_id", "state")
_CASE += ("created_at", "updated_at", "generation", "worked", "due_at")
_EVENT = ("case_id", "connection_id", "key", "generation", "event")


class _Plan:
    """What is to be inserted and changed for one connection."""

    def __init__(
        self, connection_id: str, existing: dict[str, tuple[str, int]], known: dict[str, str], now: datetime
    ) -> None:
        self._connection_id = connection_id
        self._cases = existing
        self._known = known
        self._now = now
        self._new_cases: dict[str, Arrival] = {}
        self._new_events: list[tuple[Any, ...]] = []
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
        if case_id not in self._new_cases:
            self._raised[case_id] += 1
        self._known[event.key] = case_id
        self._new_events.append((case_id, self._connection_id, event.key, generation + 1, codec.ready(event)))
        return Attached(case_id, fresh=True)

    def _start_case(self, arrival: Arrival) -> None:
        case_id = new_id("case")
        self._cases[arrival.event.ticket_id] = case_id, 0
        self._new_cases[case_id] = arrival

    def store(self, connection: Connection) -> None:
        """Write it down; a case with something new is open, due now, and its tries are forgotten."""
        if self._new_cases:
            rows: list[tuple[Any, ...]] = [
                self._new_case(case_id, arrival) for case_id, arrival in self._new_cases.items()
            ]
            insert_rows(connection, cases, _CASE, sorted(rows, key=_ticket_id))  # in one order by everybody
        if self._raised:
            raised = [{"case": case_id, "by": n, "now": self._now} for case_id, n in sorted(self._raised.items())]
            connection.execute(_RAISE, raised)
        if self._new_events:
            insert_rows(connection, case_events, _EVENT, self._new_events)

    def _new_case(self, case_id: str, arrival: Arrival) -> tuple[Any, ...]:
        ticket_id, at = arrival.event.ticket_id, micros(self._now)
        _, generation = self._cases[ticket_id]
        return (case_id, arrival.account, self._connection_id, ticket_id, "open", at, at, generation, 0, at)


def _ticket_id(row: Sequence[Any]) -> str:
    return str(row[3])


_NOW = bindparam("now", type_=Instant)
_RAISE = (
    update(cases)
    .where(cases.c.id == bindparam("case"))
    .values(generation=cases.c.generation + bindparam("by"), updated_at=_NOW, due_at=_NOW, tries=0)
    .values(state="open", reason=None)
)
