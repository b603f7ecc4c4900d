"""All commands in one place, none of them imported yet."""

from __future__ import annotations

from typing import Annotated, ClassVar

import typer

from helpdesk_recovery.bundled import version
from helpdesk_recovery.cli.lazy import Lazy, LazyGroup


class Commands(LazyGroup):
    """Every command of ``helpdesk-recovery``."""

    lazy: ClassVar = {
        "serve": Lazy("serve:serve", "Take webhooks and answer the API; on SQLite the worker runs inside."),
        "worker": Lazy("serve:worker", "Work what came in."),
        "demo": Lazy(
            "demo:demo", "Start a real helpdesk and this service, file complaints, and show what is suggested."
        ),
        "doctor": Lazy("doctor:doctor", "Check configuration, database, plugins and every connection."),
        "connect": Lazy("connect:connect", "Connect a helpdesk."),
        "connection": Lazy("connection:app", "The helpdesks that are connected."),
        "preview": Lazy("preview:preview", "Print the notes that these tickets would get."),
        "assess": Lazy("assess:assess", "Say how bad it is, what was lost and what is asked."),
        "offer": Lazy("offer:app", "The offers that were suggested."),
        "delivery": Lazy("delivery:app", "Webhook deliveries as they came in."),
        "send": Lazy("delivery:send", "Send a recorded delivery to a running service."),
        "effects": Lazy("effects:app", "Stop all writing to helpdesks, and let it go on."),
        "user": Lazy("user:app", "Members of staff and their roles."),
        "token": Lazy("token:app", "API tokens."),
        "database": Lazy("database:app", "The database's tables."),
        "backup": Lazy("backup:backup", "Write everything to one file."),
        "restore": Lazy("backup:restore", "Fill a new, empty database from a backup."),
    }


app = typer.Typer(cls=Commands, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)


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
