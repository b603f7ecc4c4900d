"""``effects``: the kill switch for everything that is written to helpdesks."""

from __future__ import annotations

import typer

from helpdesk_recovery.cli.run import with_services
from helpdesk_recovery.cli.say import say
from helpdesk_recovery.storage import switch

app = typer.Typer(help="Stop all writing to helpdesks, and let it go on.", no_args_is_help=True)


@app.command()
def pause() -> None:
    """Stop all writing at once, on every connection; reading and deciding go on."""
    with_services(lambda services: services.database.write(lambda sql: switch.pause(sql, "paused by the operator")))
    say("Nothing is written to any helpdesk until: helpdesk-recovery effects resume")


@app.command()
def resume() -> None:
    """Let writing go on; what waited is sent, each note once."""
    with_services(lambda services: services.database.write(switch.resume))
    say("Writing goes on.")
