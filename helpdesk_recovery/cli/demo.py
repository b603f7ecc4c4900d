"""``demo``: a real helpdesk and this service on this machine, connected, with complaints in it."""

from __future__ import annotations

import asyncio
import json
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr

from helpdesk_recovery import plugins
from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.cli.demo_samples import NONE, SAMPLES
from helpdesk_recovery.cli.demo_watch import Filed, notes_written, report
from helpdesk_recovery.cli.run import with_settings
from helpdesk_recovery.cli.say import console, fail
from helpdesk_recovery.cli.serve import run_all, stop_on_signals
from helpdesk_recovery.cli.store import put_connection
from helpdesk_recovery.domain.connection import Connection, Mode
from helpdesk_recovery.domain.secret import generate
from helpdesk_recovery.sdk.demo import Demo, DemoDesk
from helpdesk_recovery.settings import Settings
from helpdesk_recovery.storage.ids import new_id

_NAME = "demo"
_POLL_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where this demonstration lives: its folder, our port, and the secret both sides share."""

    folder: Path
    port: int
    secret: str
    key: str


def demo(
    helpdesk: Annotated[str, typer.Option(help="Which helpdesk; the first that has a demo when left out.")] = "",
    folder: Annotated[Path, typer.Option(help="Where its data lies; a second run goes on.")] = Path(".data/demo"),
    check: Annotated[bool, typer.Option("--check", help="End when all notes are there: 0 if so, else 1.")] = False,
) -> None:
    """Start a real helpdesk and this service, file complaints, and show what is suggested. Ctrl-C ends both."""
    name = helpdesk or min(plugins.demo_names(), default="")
    maker = plugins.demo(name)
    if missing := maker.missing():
        fail(missing)
    place = _place(folder)
    settings = Settings(
        secret_key=SecretStr(place.key),
        data_dir=folder,
        public_url=f"http://127.0.0.1:{place.port}",
        log_level="warning",
    )
    if not with_settings(settings, lambda services: _run(services, maker, place, check)):
        raise typer.Exit(1)


async def _run(services: Services, maker: Demo, place: Place, check: bool) -> bool:
    """Run until Ctrl-C, or with *check* until the notes are there; tell whether they came."""
    stop = stop_on_signals()
    running = asyncio.create_task(run_all(services, "127.0.0.1", place.port, stop))
    desk: DemoDesk | None = None
    try:
        desk = await _start_desk(services, maker, place)
        filed = await _file(desk, place.folder)
        good = await notes_written(services, filed, stop)
        report(desk, filed, good)
        if not check:
            await stop.wait()
        return not check or good
    finally:
        stop.set()
        if desk is not None:
            await asyncio.to_thread(desk.stop)
        await running


async def _start_desk(services: Services, maker: Demo, place: Place) -> DemoDesk:
    connection = Connection(
        id=new_id("conn"), account="", helpdesk=maker.helpdesk, name=_NAME, url=None, secrets=(place.secret,)
    )
    webhook = services.plugins.helpdesk(maker.helpdesk).webhook_url(services.settings.public_url, connection)
    desk = await asyncio.to_thread(maker.start, place.folder / maker.helpdesk, webhook, place.secret, _say)
    await put_connection(
        services,
        _NAME,
        Connection(
            id=connection.id,
            account="",
            helpdesk=maker.helpdesk,
            name=_NAME,
            url=desk.base_url,
            mode=Mode.LIVE,
            poll_seconds=_POLL_SECONDS,
            options=dict(desk.options),
            token=desk.token,
            secrets=(place.secret,),
        ),
    )
    _say("connected both by webhook and API token; the connection is live, so notes are written")
    return desk


async def _file(desk: DemoDesk, folder: Path) -> list[Filed]:
    """File the samples, once: a second run finds those of the first."""
    memory = folder / "tickets.json"
    ids: list[str] = json.loads(memory.read_text("utf-8")) if memory.exists() else []
    for sample in SAMPLES[len(ids) :]:
        ids.append(await asyncio.to_thread(desk.file_ticket, sample))
        memory.write_text(json.dumps(ids), "utf-8")
        _say(f"filed: {sample.subject}")
    pairs = zip(SAMPLES, ids, strict=True)
    return [Filed(ticket, sample.subject, sample.expect, sample.expect != NONE) for sample, ticket in pairs]


def _place(folder: Path) -> Place:
    folder.mkdir(parents=True, exist_ok=True)
    memory = folder / "demo.json"
    if not memory.exists():
        memory.touch(mode=0o600)
        memory.write_text(json.dumps({"secret": generate(), "key": secrets.token_urlsafe(48)}), "utf-8")
    known = json.loads(memory.read_text("utf-8"))
    return Place(folder.resolve(), _free_port(), known["secret"], known["key"])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _say(words: str) -> None:
    console.print(f"  {words}", markup=False)
