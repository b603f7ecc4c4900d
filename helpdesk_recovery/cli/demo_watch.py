"""Watch the demonstration until every complaint has its note, and say where to look."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.cli.say import console, table
from helpdesk_recovery.sdk.demo import DemoDesk
from helpdesk_recovery.storage import outbox

_PATIENCE_SECONDS = 60.0
_LOOK_EVERY_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Filed:
    """One sample ticket: what is expected, and whether that is a note."""

    ticket_id: str
    subject: str
    expect: str
    wants_note: bool


async def notes_written(services: Services, filed: Sequence[Filed], stop: asyncio.Event) -> bool:
    """Wait until the tickets that want a note have one; False when that takes too long, or others have one too."""
    wanted = {one.ticket_id for one in filed if one.wants_note}
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _PATIENCE_SECONDS
    noted: set[str] = set()
    while not stop.is_set() and loop.time() < deadline:
        noted = await services.database.read(outbox.noted_tickets)
        if wanted <= noted:
            return wanted == noted & {one.ticket_id for one in filed}
        await asyncio.wait({asyncio.ensure_future(stop.wait())}, timeout=_LOOK_EVERY_SECONDS)
    return False


def report(desk: DemoDesk, filed: Sequence[Filed], good: bool) -> None:
    """Say where to look and how to sign in."""
    console.print()
    rows = [(one.subject, one.expect, desk.ticket_page(one.ticket_id)) for one in filed]
    table("Look at these tickets" if good else "Not every note is there yet", ("ticket", "expect", "page"), rows)
    console.print(f"\nSign in: {desk.sign_in}", markup=False)
    console.print("Ctrl-C stops everything.")
