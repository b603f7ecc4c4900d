"""``offer``: what was suggested."""

from __future__ import annotations

from typing import Annotated

import typer

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.cli.run import with_services
from helpdesk_recovery.cli.say import fail, say, table
from helpdesk_recovery.storage import connections, offers, outbox
from helpdesk_recovery.storage.offers import Listed

app = typer.Typer(help="The offers that were suggested.", no_args_is_help=True)


@app.command("list")
def list_(limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50) -> None:
    """List the newest offers."""
    with_services(lambda services: _list(services, limit))


@app.command()
def show(reference: Annotated[str, typer.Argument(help="The reference, such as HR-7F3K2M4Q.")]) -> None:
    """Show one offer: its note, why each rule did or did not apply, and what became of the note."""
    with_services(lambda services: _show(services, reference.strip().upper()))


async def _list(services: Services, limit: int) -> None:
    found = await services.database.read(lambda sql: offers.newest(sql, limit))
    everything = await services.database.read(lambda sql: connections.everything(sql, services.sealer))
    names = {one.id: one.name for one in everything}
    rows = [_row(one, names.get(one.connection_id, "?")) for one in found]
    table("Offers", ("reference", "connection", "ticket", "outcome", "made (UTC)", "note"), rows)


def _row(one: Listed, connection: str) -> tuple[str, ...]:
    return one.reference, connection, one.ticket_id, one.outcome, f"{one.made_at:%Y-%m-%d %H:%M}", one.note_state


async def _show(services: Services, reference: str) -> None:
    found = await services.database.read(lambda sql: offers.by_reference(sql, reference))
    if found is None:
        fail(f"There is no offer {reference}. See: helpdesk-recovery offer list")
    written = await services.database.read(lambda sql: outbox.of_case(sql, found.case_id))
    for note in (one for one in written if one.key == reference):
        say(note.text)
        say(f"\nNote: {note.state}{f' ({note.reason})' if note.reason else ''}")
    rows = [(rule["rule"], "yes" if rule["matched"] else "no", rule["why"]) for rule in found.trace]
    table(f"Policy {found.policy}", ("rule", "applies", "why not"), rows)
