"""Deliveries → events on cases. What can't be read is quarantined; what isn't ours to work is ignored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.delivery import Ignored
from helpdesk_recovery.domain.ticket import TicketEvent
from helpdesk_recovery.errors import NotFound, Unreadable
from helpdesk_recovery.pipeline.receive import receive, wants_work
from helpdesk_recovery.storage import deliveries
from helpdesk_recovery.storage.attach import Arrival, Attached, attach
from helpdesk_recovery.storage.deliveries import Settled, Stored
from helpdesk_recovery.telemetry import EVENTS, log
from helpdesk_recovery.worker.bench import Bench


@dataclass(frozen=True, slots=True)
class Read:
    """A delivery and what it says."""

    stored: Stored
    connection: Connection | None
    found: TicketEvent | Ignored | Unreadable

    @property
    def helpdesk(self) -> str:
        """The helpdesk's name, for counting."""
        return self.connection.helpdesk if self.connection else "removed"


async def take_in(bench: Bench, delivery_ids: Sequence[str]) -> list[str]:
    """Read these deliveries and put their events on cases; return the ids of the cases they belong to.

    Doing it again changes nothing: what is settled stays, and its case is returned all the same.
    """
    database = bench.services.database
    stored = await database.read(lambda sql: deliveries.fetch(sql, delivery_ids))
    reads = [await _read(bench, one) for one in stored if one.state == "pending"]
    settled = await _attach_and_settle(bench, reads) if reads else []
    found = [one.case_id for one in stored] + [one.case_id for one in settled]
    return list(dict.fromkeys(filter(None, found)))


async def _read(bench: Bench, stored: Stored) -> Read:
    connection = await bench.book.find(stored.connection_id)
    if connection is None:
        return Read(stored, None, Ignored("removed", "the connection was removed"))
    try:
        helpdesk = bench.services.plugins.helpdesk(connection.helpdesk)
        return Read(stored, connection, receive(helpdesk, stored.delivery, connection))
    except (Unreadable, NotFound) as error:
        return Read(stored, connection, Unreadable(str(error), reason=error.reason))
    except Exception as error:  # a defect in a helpdesk folder must not stop the others' deliveries
        kind = type(error).__name__
        log().error("reader failed", helpdesk=connection.helpdesk, delivery=stored.delivery.id, error=kind)
        return Read(stored, connection, Unreadable(f"{kind} while reading it", reason="defect"))


async def _attach_and_settle(bench: Bench, reads: Sequence[Read]) -> list[Settled]:
    """Do all in one transaction; when another worker did the same at this moment, once more."""
    now = bench.services.clock()

    def work(sql: Any) -> list[tuple[str, Settled]]:
        arrivals = [_arrival(read) for read in reads if isinstance(read.found, TicketEvent)]
        attached = iter(attach(sql, arrivals, now) if arrivals else ())
        settled = [_settled(read, attached) for read in reads]
        deliveries.settle(sql, [one for _, one in settled])
        deliveries.touch_connections(sql, {read.stored.connection_id: now for read in reads})
        return settled

    done = await bench.services.again_on_conflict(work)
    for read, (what, _) in zip(reads, done, strict=True):
        EVENTS.labels(read.helpdesk, what).inc()
    return [settled for _, settled in done]


def _arrival(read: Read) -> Arrival:
    assert isinstance(read.found, TicketEvent)  # noqa: S101 - only events are asked for
    assert read.connection is not None  # noqa: S101 - only a connection's helpdesk reads events
    return Arrival(read.connection.account, read.connection.id, read.found, wants_work(read.found))


def _settled(read: Read, attached: Iterator[Attached]) -> tuple[str, Settled]:
    """Return what became of a delivery: the word it is counted under, and what is stored."""
    found, delivery_id = read.found, read.stored.delivery.id
    if isinstance(found, Unreadable):
        return "quarantined", Settled(delivery_id, "quarantined", f"{found.reason}: {found}")
    if isinstance(found, Ignored):
        return "ignored", Settled(delivery_id, "ignored", f"{found.code}: {found.reason}")
    where: Attached = next(attached)
    if where.case_id is None:
        words = f"no_case: {found.kind} on a ticket without a case"
        return "ignored", Settled(delivery_id, "ignored", words)
    what = str(found.kind) if where.fresh else "repeated"
    return what, Settled(delivery_id, "done", case_id=where.case_id)
