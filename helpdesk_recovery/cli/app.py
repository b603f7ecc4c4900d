"""All commands in one place."""

from __future__ import annotations

from typing import Annotated

import typer

from helpdesk_recovery.bundled import version
from helpdesk_recovery.cli import connection, database, delivery, effects, offer, token, user
from helpdesk_recovery.cli.assess import assess
from helpdesk_recovery.cli.backup import backup, restore
from helpdesk_recovery.cli.connect import connect
from helpdesk_recovery.cli.demo import demo
from helpdesk_recovery.cli.doctor import doctor
from helpdesk_recovery.cli.preview import preview
from helpdesk_recovery.cli.serve import serve, worker

app = typer.Typer(
    help="From a complaint in a helpdesk to a fair recovery offer on the same ticket.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

for command in (serve, worker, demo, doctor, connect, preview, assess, backup, restore):
    app.command()(command)
app.command("send")(delivery.send)
for name, group in (
    ("connection", connection.app),
    ("delivery", delivery.app),
    ("offer", offer.app),
    ("effects", effects.app),
    ("user", user.app),
    ("token", token.app),
    ("database", database.app),
):
    app.add_typer(group, name=name)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(version())
        raise typer.Exit


@app.callback()
def start(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """From a complaint in a helpdesk to a fair recovery offer on the same ticket."""
