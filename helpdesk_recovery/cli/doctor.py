"""``doctor``: look at everything with real calls, and say in words what to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import typer

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.bundled import version
from helpdesk_recovery.cli.options import check_options
from helpdesk_recovery.cli.run import with_services
from helpdesk_recovery.cli.say import console, say
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.errors import RecoveryError
from helpdesk_recovery.pipeline.ports import Check
from helpdesk_recovery.storage import cases, connections, deliveries, migrate, outbox, switch
from helpdesk_recovery.worker.packs import Packs

_SILENT_AFTER = timedelta(days=2)
_WAITING_AFTER = timedelta(minutes=5)


def doctor() -> None:
    """Check configuration, database, plugins and every connection; end with 1 when something needs you."""
    checks = with_services(examine, needs_tables=False)
    for check in checks:
        console.print("ok" if check.ok else "NO", style="green" if check.ok else "red", end="  ")
        say(f"{check.title} {check.advice}".rstrip())
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


async def examine(services: Services) -> list[Check]:
    """Return all checks, most general first; later ones are left out when they cannot be made."""
    found = [Check(f"helpdesk-recovery {version()}, configuration read", True), *_plugins(services)]
    database = await _database(services)
    found.append(database)
    if database.ok:
        found += await _connections(services)
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


async def _connections(services: Services) -> list[Check]:
    try:
        everything = await services.database.read(lambda sql: connections.everything(sql, services.sealer))
    except RecoveryError as error:
        return [Check("stored secrets open", False, str(error))]
    if not everything:
        return [Check("no helpdesk is connected yet", True, "Begin with: helpdesk-recovery connect --help")]
    return [check for connection in everything for check in await _connection(services, connection)]


async def _connection(services: Services, connection: Connection) -> list[Check]:
    name = f"{connection.name} ({connection.helpdesk}, {connection.mode}{_only(connection)})"
    found = [_policies(connection, name), *_options(connection, name)]
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


def _options(connection: Connection, name: str) -> Iterable[Check]:
    try:
        check_options(connection.options)
    except RecoveryError as error:
        yield Check(f"{name}: options", False, str(error))


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
    return [*found, _last_delivery(name, health.last_delivery_at, now)]


def _last_delivery(name: str, last: datetime | None, now: datetime) -> Check:
    if last is None:
        return Check(f"{name}: last delivery none yet", True)
    title = f"{name}: last delivery {last:%Y-%m-%d %H:%M} UTC"
    silent = now - last > _SILENT_AFTER
    return Check(title, not silent, "If that is unusual, look at the webhook in the helpdesk." if silent else "")


async def _left_over(services: Services) -> Iterable[Check]:
    """What waits for a person: the kill switch, quarantine, dead letters, stuck cases, and nobody working."""
    read, now = services.database.read, services.clock()
    found = []
    if why := await read(switch.why):
        found.append(Check(f"writing to helpdesks is paused ({why})", False, "Then: helpdesk-recovery effects resume"))
    for delivery_id, name, reason in await read(deliveries.quarantined):
        advice = f"After a fix: helpdesk-recovery delivery replay {delivery_id}"
        found.append(Check(f"{name}: delivery {delivery_id} could not be read ({reason})", False, advice))
    for _, name, ticket, reason in await read(outbox.dead_letters):
        title = f"{name}: a note on ticket {ticket} could not be written ({reason})"
        found.append(Check(title, False, "Write it by hand."))
    for case_id, ticket, reason in await read(lambda sql: cases.ended(sql, "stuck")):
        found.append(Check(f"case {case_id}, ticket {ticket}: given up ({reason})", False, "Look at the ticket."))
    if waiting := await read(lambda sql: deliveries.pending_before(sql, now - _WAITING_AFTER)):
        advice = "Is `helpdesk-recovery serve` running, and on PostgreSQL a `worker`?"
        found.append(Check(f"{len(waiting)} deliveries wait since more than five minutes", False, advice))
    return found
