"""``connection``: list, show, turn writing on and off, rotate secrets, remove."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.cli.connect import read_secret
from helpdesk_recovery.cli.options import TIMEZONE
from helpdesk_recovery.cli.run import with_services
from helpdesk_recovery.cli.say import fail, say, table
from helpdesk_recovery.cli.setup import without_secrets
from helpdesk_recovery.domain.connection import Connection, Mode, Pilot
from helpdesk_recovery.errors import NotFound
from helpdesk_recovery.storage import connections

app = typer.Typer(help="The helpdesks that are connected.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The connection's name.")]


@app.command("list")
def list_() -> None:
    """List all connections."""
    with_services(_list)


@app.command()
def show(name: Name) -> None:
    """Show one connection: settings, webhook URL, health. Secrets are never shown."""
    with_services(lambda services: _show(services, name))


@app.command()
def live(
    name: Name,
    only: Annotated[str, typer.Option(help="A pilot: group=NAME, tag=NAME or share=10%.")] = "",
) -> None:
    """Turn writing on, for everybody or for a pilot."""
    pilot = _pilot(only)
    with_services(lambda services: _set_mode(services, name, Mode.LIVE, pilot))
    whom = f" for {pilot.words()}" if only else ""
    say(f"{name} is live{whom}: suggestions are written as internal notes.")


@app.command()
def shadow(name: Name) -> None:
    """Turn writing off at once; everything is still read and decided."""
    with_services(lambda services: _set_mode(services, name, Mode.SHADOW, Pilot()))
    say(f"{name} is in shadow: nothing is written to the helpdesk.")


@app.command()
def rotate(
    name: Name,
    secret_env: Annotated[str, typer.Option(help="Environment variable with the new secret.")] = "",
    finish: Annotated[bool, typer.Option("--finish", help="Forget the old secret.")] = False,
) -> None:
    """Change the webhook secret without losing a delivery: add the new one, switch the helpdesk, then --finish."""
    if bool(secret_env) == finish:
        fail("Say either --secret-env VARIABLE (add the new secret) or --finish (forget the old one).")
    with_services(lambda services: _finish(services, name) if finish else _rotate(services, name, secret_env))


@app.command()
def remove(
    name: Name,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove a connection and everything stored for it."""
    with_services(lambda services: _remove(services, name, dry_run, yes))


async def _named(services: Services, name: str) -> Connection:
    return await services.database.read(lambda sql: connections.named(sql, name, services.sealer))


async def _list(services: Services) -> None:
    found = await services.database.read(lambda sql: connections.everything(sql, services.sealer))
    rows = [(one.name, one.helpdesk, one.mode, one.pilot.words(), one.url) for one in found]
    table("Connections", ("name", "helpdesk", "mode", "only", "url"), rows)


async def _show(services: Services, name: str) -> None:
    one = await _named(services, name)
    health = {found.name: found for found in await services.database.read(connections.health)}[name]
    helpdesk = services.plugins.helpdesk(one.helpdesk)
    rows = [
        ("helpdesk", one.helpdesk),
        ("url", one.url),
        ("mode", " only ".join(filter(None, (one.mode, one.pilot.words())))),
        ("webhook", helpdesk.webhook_url(services.settings.public_url, without_secrets(one))),
        ("staff language", one.staff_language),
        ("time zone", one.options.get(TIMEZONE, "UTC")),
        ("currency", one.currency),
        ("policies", ", ".join(one.policies)),
        ("secrets live", len(one.secrets)),
        ("poll every", f"{one.poll_seconds} s" if one.poll_seconds else "never"),
        ("last delivery (UTC)", _minute(health.last_delivery_at) or "none yet"),
        ("writing paused until (UTC)", _minute(health.paused_until)),
        ("trouble", health.trouble or "none"),
        *((f"option {key}", value) for key, value in one.options.items() if key != TIMEZONE),
    ]
    table(name, ("what", "value"), rows)


def _minute(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


async def _set_mode(services: Services, name: str, mode: Mode, pilot: Pilot) -> None:
    await services.database.write(lambda sql: connections.set_mode(sql, name, mode, pilot))


async def _rotate(services: Services, name: str, variable: str) -> None:
    one = await _named(services, name)
    secret = read_secret(variable)
    if secret in one.secrets:
        fail(f"{name} takes this secret already.")
    if len(one.secrets) >= connections.MAX_LIVE_SECRETS:
        fail(f"{name} takes two secrets already. First: helpdesk-recovery connection rotate {name} --finish")
    await _save(services, replace(one, secrets=(*one.secrets, secret)))
    say(f"{name} takes the old and the new secret. Give the helpdesk the new one, then:")
    say(f"helpdesk-recovery connection rotate {name} --finish")


async def _finish(services: Services, name: str) -> None:
    one = await _named(services, name)
    if len(one.secrets) < connections.MAX_LIVE_SECRETS:
        fail(f"{name} takes one secret only: there is no old one to forget.")
    await _save(services, replace(one, secrets=one.secrets[-1:]))
    say(f"{name} takes only the new secret.")


async def _save(services: Services, changed: Connection) -> None:
    await services.database.write(lambda sql: connections.save(sql, changed, services.sealer))


async def _remove(services: Services, name: str, dry_run: bool, yes: bool) -> None:
    one = await _named(services, name)
    say(f"Removes the connection {name}, its secrets, its raw deliveries and its cases from our database.")
    _say_undo(services, without_secrets(one))
    if dry_run:
        say("Nothing was removed.")
        return
    if not yes and not typer.confirm("Remove it?"):
        raise typer.Exit(1)
    await services.database.write(lambda sql: connections.remove(sql, one.id))
    say(f"{name} is removed.")


def _say_undo(services: Services, one: Connection) -> None:
    """A helpdesk whose plugin is gone can be removed too; then there is nothing that we can say about it."""
    try:
        helpdesk = services.plugins.helpdesk(one.helpdesk)
    except NotFound:
        return
    for step in helpdesk.setup(one, helpdesk.webhook_url(services.settings.public_url, one)).steps:
        say(f"In the helpdesk, undo by hand: {step}")


def _pilot(only: str) -> Pilot:
    if not only:
        return Pilot()
    match = re.fullmatch(r"(group|tag)=(.+)|share=([1-9][0-9]?|100)%?", only)
    if match is None:
        fail("--only takes group=NAME, tag=NAME or share=10% (1 to 100).")
    if match[3]:
        return Pilot(share=int(match[3]))
    return Pilot(group=match[2]) if match[1] == "group" else Pilot(tag=match[2])
