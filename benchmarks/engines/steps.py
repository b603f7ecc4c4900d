"""The work that every engine is given: many tickets, three steps each, and the same steps in a bare loop."""

from __future__ import annotations

import json
import time
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

from pydantic import TypeAdapter

from helpdesk_recovery.assess import assess
from helpdesk_recovery.domain.assessment import Assessment
from helpdesk_recovery.domain.connection import Connection, Mode
from helpdesk_recovery.domain.decision import Decision
from helpdesk_recovery.domain.delivery import Delivery, Ignored
from helpdesk_recovery.domain.note import Note
from helpdesk_recovery.domain.ticket import Author, TicketEvent
from helpdesk_recovery.pipeline.propose import Earlier, propose
from helpdesk_recovery.policy.decide import decide
from helpdesk_recovery.policy.document import Pack
from helpdesk_recovery.policy.load import find_pack
from helpdesk_recovery.sdk.testing.memory_helpdesk import SECRET, MemoryHelpdesk
from helpdesk_recovery.wording.note import render_note

CONNECTION = Connection(
    id="conn_shop",
    account="",
    helpdesk="memory",
    name="shop",
    url=None,
    mode=Mode.LIVE,
    options={"writes_per_minute": "100000000"},
    secrets=(SECRET,),
)

_COMPLAINTS = (
    "The kettle arrived broken. I want a refund.",
    "Vattenkokaren kom trasig. Jag vill ha pengarna tillbaka.",
    "Konvice přišla rozbitá. Chci vrátit peníze.",
    "Kedlen kom i stykker. Jeg vil have pengene tilbage.",
    "Virdulys atvyko sudaužytas. Noriu susigrąžinti pinigus.",
)
"""Short ones: what is measured is the difference to these steps, and long ones would drown it."""


class ManyTickets(MemoryHelpdesk):
    """A helpdesk in memory that finds a message by its number, however many there are."""

    def read(self, delivery: Delivery, connection: Connection) -> TicketEvent | Ignored:
        """Read ``{"ticket": …, "message": …}``."""
        return self.log[int(json.loads(delivery.body)["message"]) - 1]

    def file(self, count: int) -> list[bytes]:
        """File *count* complaints, tickets ``0`` to ``count - 1``; return the bodies of their webhooks."""
        return [self.write(str(number), _COMPLAINTS[number % len(_COMPLAINTS)]) for number in range(count)]

    def must_be_noted(self) -> None:
        """Raise RuntimeError unless every ticket has exactly one note of ours."""
        wrong = [one for one in self.tickets if len(self.notes(one)) != 1]
        if wrong:
            raise RuntimeError(
                f"{len(wrong)} of {len(self.tickets)} tickets have no note or several, such as {wrong[0]}"
            )


@dataclass
class Steps:
    """The three steps of one ticket; ``…_json`` is what an engine stores after each."""

    helpdesk: MemoryHelpdesk
    ticket_id: str
    packs: tuple[Pack, ...]
    assessment: Assessment = field(init=False)
    decision: Decision = field(init=False)
    note: Note = field(init=False)

    def assess(self) -> None:
        """Read the ticket and judge it."""
        self.assessment = assess(self.helpdesk.tickets[self.ticket_id])

    def decide(self) -> None:
        """Ask the policy."""
        ticket = self.helpdesk.tickets[self.ticket_id]
        self.decision = decide(self.packs, ticket, self.assessment, currency=CONNECTION.currency, facts=ticket.fields)

    def write_note(self) -> None:
        """Word the offer and write it on the ticket."""
        ticket, now = self.helpdesk.tickets[self.ticket_id], datetime.now(UTC)
        place = CONNECTION.id, self.ticket_id
        offer = propose(self.ticket_id, place, self.assessment, self.decision, Earlier(), now)
        if offer is None:
            raise RuntimeError(
                f"the complaint of ticket {self.ticket_id} is worth no note: choose another for the benchmark"
            )
        customer = self.assessment.language.code
        self.note = render_note(
            ticket,
            self.assessment,
            offer,
            staff_language=CONNECTION.staff_language,
            customer_language=customer,
            now=now,
        )
        self.helpdesk.write(self.ticket_id, self.note.text, Author.BOT, public=False)

    def stored(self) -> Iterator[str]:
        """Do the steps one by one, giving after each its result as JSON, for a checkpoint."""
        self.assess()
        yield as_json(self.assessment)
        self.decide()
        yield as_json(self.decision)
        self.write_note()
        yield as_json(self.note)


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(type[Any], kind))


def as_json(noun: object) -> str:
    """Write a noun as JSON the fastest way there is."""
    return _adapter(cast(Hashable, type(noun))).dump_json(noun).decode()


@cache
def packs() -> tuple[Pack, ...]:
    """Load the connection's policies once."""
    return tuple(map(find_pack, CONNECTION.policies))


def bare_cpu_seconds(count: int) -> float:
    """Return the CPU that the three steps take for *count* tickets in a bare loop, everything warm."""
    _bare(min(count, 50))
    return _bare(count)


def _bare(count: int) -> float:
    helpdesk = ManyTickets()
    helpdesk.file(count)
    before = time.process_time()
    for number in range(count):
        steps = Steps(helpdesk, str(number), packs())
        steps.assess()
        steps.decide()
        steps.write_note()
    return time.process_time() - before


def say(count: int, bare: Sequence[float], total: float) -> None:
    """Print what was measured, in CPU seconds of this process, as one line of JSON; *bare* before and after."""
    print(json.dumps({"tickets": count, "bare": list(bare), "total": total}), flush=True)
