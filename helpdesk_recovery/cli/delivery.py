"""``delivery``: what came in, and doing it again after a fix; ``send`` delivers a recorded one."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from helpdesk_recovery.bootstrap import DELIVERIES, Services
from helpdesk_recovery.cli.run import run_async, with_services
from helpdesk_recovery.cli.say import console, fail, table
from helpdesk_recovery.engine.port import Job
from helpdesk_recovery.storage import deliveries

app = typer.Typer(help="Webhook deliveries as they came in.", no_args_is_help=True)


@app.command("list")
def list_(
    state: Annotated[str, typer.Option(help="pending, done, ignored or quarantined.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
) -> None:
    """List the newest deliveries."""
    with_services(lambda services: _list(services, state or None, limit))


@app.command()
def replay(
    ids: Annotated[list[str] | None, typer.Argument(help="Delivery ids.")] = None,
    quarantined: Annotated[bool, typer.Option("--quarantined", help="All that could not be read.")] = False,
) -> None:
    """Work deliveries again that were quarantined or ignored; what was done stays done."""
    if bool(ids) == quarantined:
        fail("Name delivery ids, or say --quarantined.")
    with_services(lambda services: _replay(services, ids or []))


def send(
    fixture: Annotated[Path, typer.Argument(help="A recorded delivery: header lines, an empty line, the body.")],
    url: Annotated[str, typer.Argument(help="The webhook URL to send it to.")],
) -> None:
    """Send a recorded delivery to a running service, byte by byte as it was."""
    if not fixture.is_file():
        fail(f"{fixture} is not a file.")
    status, body = run_async(_send(fixture.read_bytes(), url))
    console.print(f"{status} {body}", markup=False)
    if status >= 400:
        raise typer.Exit(1)


async def _list(services: Services, state: str | None, limit: int) -> None:
    found = await services.database.read(lambda sql: deliveries.listed(sql, state, limit))
    rows = [
        (one["id"], one["connection"], f"{one['received_at']:%Y-%m-%d %H:%M:%S}", one["state"], one["reason"])
        for one in found
    ]
    table("Deliveries", ("id", "connection", "received (UTC)", "state", "reason"), rows)


async def _replay(services: Services, ids: list[str]) -> None:
    wanted = ids or [row[0] for row in await services.database.read(deliveries.quarantined)]

    def reopen(sql: object) -> list[str]:
        found = deliveries.reopen(sql, wanted)  # type: ignore[arg-type]
        services.engine.enqueue(sql, Job(DELIVERIES, tuple(found)))
        return found

    opened = await services.database.write(reopen)
    console.print(f"{len(opened)} of {len(wanted)} will be worked again by the running service.")


async def _send(recorded: bytes, url: str) -> tuple[int, str]:
    import aiohttp

    head, _, body = recorded.replace(b"\r\n", b"\n").partition(b"\n\n")
    lines = [line.partition(":") for line in head.decode("latin-1").splitlines() if ":" in line]
    headers = [(name.strip(), value.strip()) for name, _, value in lines if name.strip().lower() not in _OURS]
    try:
        async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
            return answer.status, await answer.text()
    except aiohttp.ClientError as error:
        fail(f"Nothing answers at {url}: {error}")


_OURS = frozenset({"host", "content-length", "connection", "accept-encoding", "transfer-encoding"})
