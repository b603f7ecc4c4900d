"""``preview``: the exact notes that would be written, and nothing written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.cli.run import with_services
from helpdesk_recovery.cli.say import fail, heading, say
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.errors import RecoveryError
from helpdesk_recovery.pipeline.line import walk
from helpdesk_recovery.pipeline.ports import Desk
from helpdesk_recovery.pipeline.propose import Earlier
from helpdesk_recovery.policy.document import Pack
from helpdesk_recovery.storage import connections
from helpdesk_recovery.worker.packs import Packs


def preview(
    name: Annotated[str, typer.Argument(help="The connection's name.")],
    tickets: Annotated[list[str] | None, typer.Argument(help="Ticket ids.")] = None,
    last: Annotated[int | None, typer.Option(min=1, max=1000, help="Or the newest N tickets.")] = None,
) -> None:
    """Print the notes that these tickets would get. Reads the helpdesk, writes nothing anywhere."""
    if bool(tickets) == bool(last):
        fail("Name tickets, or say --last 20.")
    with_services(lambda services: preview_tickets(services, name, tickets or [], last or 0))


async def preview_tickets(services: Services, name: str, tickets: Sequence[str], last: int) -> None:
    """Print the notes of *tickets*, or of the *last* newest ones, of the connection called *name*."""
    connection = await services.database.read(lambda sql: connections.named(sql, name, services.sealer))
    packs = Packs().of(connection)
    desk = services.plugins.helpdesk(connection.helpdesk).open(connection)
    try:
        wanted = tickets or await desk.recent_tickets(last)
        if not wanted:
            say("There are no tickets yet.")
        for ticket_id in wanted:
            heading(f"ticket {ticket_id}")
            say(await _note(services, connection, desk, packs, ticket_id))
    finally:
        await desk.close()


async def _note(services: Services, connection: Connection, desk: Desk, packs: Sequence[Pack], ticket_id: str) -> str:
    try:
        walked = await walk("preview", connection, desk, packs, ticket_id, (), Earlier(), services.clock())
    except RecoveryError as error:
        return f"No note: {error}"
    if walked.note is not None:
        return walked.note.text
    assessment = walked.assessment
    return "No note: no complaint." if assessment.scored else f"No note: not scored, {assessment.reason}."
