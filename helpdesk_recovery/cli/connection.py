"""``connection``: list, show, turn writing on and off, rotate secrets, remove."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated

import typer

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.cli.env import from_environment
from helpdesk_recovery.cli.run import with_services
from helpdesk_recovery.cli.say import console, fail, table
from helpdesk_recovery.domain.connection import Mode, Pilot
from helpdesk_recovery.domain.secret import weakness
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
    console.print(f"{name} is live{whom}: suggestions are written as internal notes.")


@app.command()
def shadow(name: Name) -> None:
    """Turn writing off at once; everything is still read and decided."""
    with_services(lambda services: _set_mode(services, name, Mode.SHADOW, Pilot()))
    console.print(f"{name} is in shadow: nothing is written to the helpdesk.")


@app.command()
def rotate(
    name: Name,
    secret_env: Annotated[str, typer.Option(help="Environment variable with the new secret.")] = "",
    finish: Annotated[bool, typer.Option("--finish", help="Forget the old secret.")] = False,
) -> None:
    """Change the webhook secret without losing a delivery: add the new one, switch the helpdesk, then --finish."""
    if bool(secret_env) == finish:
        fail("Say either --secret-env VARIABLE (add the new secret) or --finish (forget the old one).")
    with_services(lambda services: _rotate(services, name, from_environment(secret_env), finish))


@app.command()
def remove(
    name: Name,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove a connection and everything stored for it."""
    with_services(lambda services: _remove(services, name, dry_run, yes))


async def _list(services: Services) -> None:
    found = await services.database.read(lambda sql: connections.everything(sql, services.sealer))
    rows = [(one.name, one.helpdesk, one.mode, one.pilot.words(), one.url or "") for one in found]
    table("Connections", ("name", "helpdesk", "mode", "only", "url"), rows)


async def _show(services: Services, name: str) -> None:
    one = await services.database.read(lambda sql: connections.named(sql, name, services.sealer))
    health = {found.name: found for found in await services.database.read(connections.health)}[name]
    shown = replace(one, secrets=("…",) * len(one.secrets))
    webhook = services.plugins.helpdesk(one.helpdesk).webhook_url(services.settings.public_url, shown)
    rows = [
        ("helpdesk", one.helpdesk),
        ("url", one.url),
        ("mode", f"{one.mode} {one.pilot.words()}"),
        ("webhook", webhook),
        ("staff language", one.staff_language),
        ("currency", one.currency),
        ("policies", ", ".join(one.policies)),
        ("secrets live", len(one.secrets)),
        ("poll every", f"{one.poll_seconds} s" if one.poll_seconds else "never"),
        ("last delivery", health.last_delivery_at or "none yet"),
        ("paused until", health.paused_until),
        ("trouble", health.trouble or "none"),
        *((f"option {key}", value) for key, value in one.options.items()),
    ]
    table(name, ("what", "value"), rows)


async def _set_mode(services: Services, name: str, mode: Mode, pilot: Pilot) -> None:
    await services.database.write(lambda sql: connections.set_mode(sql, name, mode, pilot))


async def _rotate(services: Services, name: str, secret: str, finish: bool) -> None:
    one = await services.database.read(lambda sql: connections.named(sql, name, services.sealer))
    if finish:
        changed = replace(one, secrets=one.secrets[-1:])
    elif why := weakness(secret):
        fail(f"The new secret must not be used: {why}.")
    else:
        changed = replace(one, secrets=(*one.secrets, secret))
    await services.database.write(lambda sql: connections.save(sql, changed, services.sealer))
    console.print(f"{name} takes {len(changed.secrets)} secret(s) now.")


async def _remove(services: Services, name: str, dry_run: bool, yes: bool) -> None:
    one = await services.database.read(lambda sql: connections.named(sql, name, services.sealer))
    setup = services.plugins.helpdesk(one.helpdesk).setup(one, "")
    console.print(f"Removes the connection {name}, its secrets, its raw deliveries and its cases from our database.")
    for step in setup.steps:
        console.print(f"In the helpdesk, undo by hand: {step}", markup=False)
    if dry_run:
        return
    if not yes and not typer.confirm("Remove it?"):
        raise typer.Exit(1)
    await services.database.write(lambda sql: connections.remove(sql, one.id))
    console.print(f"{name} is removed.")


def _pilot(only: str) -> Pilot:
    if not only:
        return Pilot()
    match = re.fullmatch(r"(group|tag)=(.+)|share=([1-9][0-9]?|100)%?", only)
    if match is None:
        fail("--only takes group=NAME, tag=NAME or share=10% (1 to 100).")
    if match[3]:
        return Pilot(share=int(match[3]))
    return Pilot(group=match[2]) if match[1] == "group" else Pilot(tag=match[2])
