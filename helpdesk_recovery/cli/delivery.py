"""``delivery``: what came in, and doing it again after a fix; ``send`` delivers a recorded one."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from helpdesk_recovery.bootstrap import DELIVERIES, Services
from helpdesk_recovery.cli.recorded import post, read_recorded
from helpdesk_recovery.cli.run import run_async, with_services
from helpdesk_recovery.cli.say import fail, say, table
from helpdesk_recovery.engine.port import Job
from helpdesk_recovery.storage import deliveries

app = typer.Typer(help="Webhook deliveries as they came in.", no_args_is_help=True)


class State(StrEnum):
    """What became of a delivery."""

    PENDING = "pending"
    DONE = "done"
    IGNORED = "ignored"
    QUARANTINED = "quarantined"


@app.command("list")
def list_(
    state: Annotated[State | None, typer.Option(help="Only those: pending, done, ignored or quarantined.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
) -> None:
    """List the newest deliveries."""
    with_services(lambda services: _list(services, state, limit))


@app.command()
def replay(
    ids: Annotated[list[str] | None, typer.Argument(help="Delivery ids.")] = None,
    quarantined: Annotated[bool, typer.Option("--quarantined", help="All that could not be read.")] = False,
) -> None:
    """Work deliveries again that were quarantined or ignored; what was done stays done."""
    if bool(ids) == quarantined:
        fail("Name delivery ids, or say --quarantined.")
    with_services(lambda services: replay_deliveries(services, ids or []))


def send(
    fixture: Annotated[Path, typer.Argument(help="A recorded delivery: header lines, an empty line, the body.")],
    url: Annotated[str, typer.Argument(help="The webhook URL to send it to.")],
) -> None:
    """Send a recorded delivery to a running service, byte by byte as it was."""
    headers, body = read_recorded(fixture)
    status, answer = run_async(post(url, headers, body))
    say(f"{status} {answer}".rstrip())
    if status >= 400:
        raise typer.Exit(1)


async def _list(services: Services, state: State | None, limit: int) -> None:
    found = await services.database.read(lambda sql: deliveries.listed(sql, state, limit))
    rows = [
        (one["id"], one["connection"], f"{one['received_at']:%Y-%m-%d %H:%M:%S}", one["state"], one["reason"])
        for one in found
    ]
    table("Deliveries", ("id", "connection", "received (UTC)", "state", "reason"), rows)


async def replay_deliveries(services: Services, ids: list[str]) -> None:
    """Open the deliveries *ids* again, or all in quarantine, and ask the running service to work them."""
    wanted = ids or [row[0] for row in await services.database.read(deliveries.quarantined)]
    if not wanted:
        say("No delivery is quarantined.")
        return
    opened = await services.database.write(lambda sql: _reopen(services, sql, wanted))
    if missed := sorted(set(wanted) - set(opened)):
        fail(
            f"{len(opened)} of {len(wanted)} will be worked again. Not quarantined or ignored, or older than raw "
            f"deliveries are kept: {' '.join(missed)}. See: helpdesk-recovery delivery list"
        )
    say(f"{len(opened)} of {len(wanted)} will be worked again by the running service.")


def _reopen(services: Services, sql: Any, ids: list[str]) -> list[str]:
    found = deliveries.reopen(sql, ids)
    if found:
        services.engine.enqueue(sql, Job(DELIVERIES, tuple(found)))
    return found
