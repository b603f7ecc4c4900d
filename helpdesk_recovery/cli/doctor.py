"""``doctor``: look at everything with real calls, and say in words what to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import typer

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.bundled import version
from helpdesk_recovery.cli.run import with_services
from helpdesk_recovery.cli.say import console
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.errors import RecoveryError
from helpdesk_recovery.pipeline.ports import Check
from helpdesk_recovery.storage import cases, connections, deliveries, migrate, outbox, switch
from helpdesk_recovery.worker.packs import Packs

_SILENT_AFTER = timedelta(days=2)


def doctor() -> None:
    """Check configuration, database, plugins and every connection; end with 1 when something needs you."""
    checks = with_services(examine, needs_tables=False)
    for check in checks:
        mark = "[green]ok[/green]" if check.ok else "[red]NO[/red]"
        console.print(mark, end="  ")
        console.print(check.title, check.advice, markup=False)
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


async def examine(services: Services) -> list[Check]:
    """Return all checks, most general first; later ones are left out when they cannot be made."""
    found = [Check(f"helpdesk-recovery {version()}, configuration read", True), *_plugins(services)]
    database = await _database(services)
    found.append(database)
    if database.ok:
        for connection in await services.database.read(lambda sql: connections.everything(sql, services.sealer)):
            found += await _connection(services, connection)
        found += await _left_over(services)
    return found


def _plugins(services: Services) -> Iterable[Check]:
    names = ", ".join(sorted(services.plugins.helpdesks))
    yield Check(f"helpdesks: {names}", bool(names), "" if names else "Install the package again: pip install -e .")
    for broken in services.plugins.broken:
        yield Check(str(broken), False, "Update or uninstall that package.")


async def _database(services: Services) -> Check:
    title = f"database ({services.database.dialect})"
    try:
        current = await services.database.write(migrate.is_current)
    except RecoveryError as error:
        return Check(title, False, f"{error}. Check HELPDESK_RECOVERY_DATABASE_URL and the server or disk.")
    return Check(title, current, "" if current else "Run: helpdesk-recovery database upgrade")


async def _connection(services: Services, connection: Connection) -> list[Check]:
    name = f"{connection.name} ({connection.helpdesk}, {connection.mode}{_only(connection)})"
    found = [_policies(connection, name)]
    try:
        desk = services.plugins.helpdesk(connection.helpdesk).open(connection)
    except RecoveryError as error:
        return [*found, Check(name, False, str(error))]
    try:
        checks = await desk.check()
    except RecoveryError as error:
        checks = (Check("helpdesk answers", False, str(error)),)
    finally:
        await desk.close()
    found += [Check(f"{name}: {check.title}", check.ok, check.advice) for check in checks]
    return [*found, *await _health(services, connection, name)]


def _only(connection: Connection) -> str:
    words = connection.pilot.words()
    return f", only {words}" if words else ""


def _policies(connection: Connection, name: str) -> Check:
    try:
        packs = Packs().of(connection)
    except RecoveryError as error:
        return Check(f"{name}: policy", False, str(error))
    return Check(f"{name}: policy {', '.join(f'{pack.name} version {pack.version}' for pack in packs)}", True)


async def _health(services: Services, connection: Connection, name: str) -> list[Check]:
    now = services.clock()
    health = {one.name: one for one in await services.database.read(connections.health)}[connection.name]
    found = []
    if health.trouble:
        found.append(Check(f"{name}: last trouble", False, health.trouble))
    if health.paused_until and health.paused_until > now:
        found.append(
            Check(f"{name}: writes pause until {health.paused_until:%H:%M:%S} UTC", False, "They go on by themselves.")
        )
    last = health.last_delivery_at
    if last and now - last > _SILENT_AFTER:
        advice = "If that is unusual, look at the webhook in the helpdesk."
        found.append(Check(f"{name}: last delivery {last:%Y-%m-%d %H:%M} UTC", False, advice))
    else:
        found.append(Check(f"{name}: last delivery {f'{last:%Y-%m-%d %H:%M} UTC' if last else 'none yet'}", True))
    return found


async def _left_over(services: Services) -> Iterable[Check]:
    """What waits for a person: quarantine, dead letters, stuck cases."""
    found = []
    if why := await services.database.read(switch.why):
        found.append(Check(f"writing to helpdesks is paused ({why})", False, "Then: helpdesk-recovery effects resume"))
    for delivery_id, name, reason in await services.database.read(deliveries.quarantined):
        advice = f"After a fix: helpdesk-recovery delivery replay {delivery_id}"
        found.append(Check(f"{name}: delivery {delivery_id} could not be read ({reason})", False, advice))
    for _, name, ticket, reason in await services.database.read(outbox.dead_letters):
        found.append(
            Check(f"{name}: a note on ticket {ticket} could not be written ({reason})", False, "Write it by hand.")
        )
    for case_id, ticket, reason in await services.database.read(lambda sql: cases.ended(sql, "stuck")):
        found.append(Check(f"case {case_id}, ticket {ticket}: given up ({reason})", False, "Look at the ticket."))
    return found
