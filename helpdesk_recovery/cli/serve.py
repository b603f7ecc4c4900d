"""``serve`` and ``worker``: the processes of an installation."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import typer

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.cli.run import with_services
from helpdesk_recovery.cli.say import say
from helpdesk_recovery.errors import ConfigurationInvalid
from helpdesk_recovery.storage import migrate
from helpdesk_recovery.telemetry import log
from helpdesk_recovery.web.app import create_app, create_operations_app
from helpdesk_recovery.web.serve import serve as serve_web
from helpdesk_recovery.worker.run import DRAIN_SECONDS, Worker

_CANNOT_LISTEN = frozenset({errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EACCES, socket.EAI_NONAME})


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8080,
) -> None:
    """Take webhooks and answer the API; on SQLite the worker runs inside."""
    with_services(lambda services: _serve(services, host, port), needs_tables=False)


def worker(
    metrics_port: Annotated[
        int, typer.Option(min=0, max=65535, help="Serve /metrics, /healthz and /readyz on 127.0.0.1; 0 does not.")
    ] = 0,
) -> None:
    """Work what came in. On PostgreSQL run as many as you like; on SQLite ``serve`` does it already."""
    with_services(lambda services: _worker(services, metrics_port), needs_tables=False)


async def _serve(services: Services, host: str, port: int) -> None:
    try:
        await run_all(services, host, port, stop_on_signals(), lambda bound: _say_where(host, bound))
    except OSError as error:
        if error.errno not in _CANNOT_LISTEN:
            raise
        raise ConfigurationInvalid(
            f"Cannot listen on {host}:{port}: {error.strerror}. Choose another --port or --host."
        ) from error


async def run_all(
    services: Services, host: str, port: int, stop: asyncio.Event, started: Callable[[int], None] | None = None
) -> None:
    """Serve until *stop*; on SQLite work in the same process."""
    await _prepare(services)
    web = serve_web(create_app(services), host, port, stop, started)
    if services.database.dialect != "sqlite":
        await web
        return
    await _together(web, _work_until(services, stop))


async def _prepare(services: Services) -> None:
    await services.database.write(migrate.upgrade)
    await services.engine.prepare()


async def _worker(services: Services, metrics_port: int) -> None:
    await _prepare(services)
    stop = stop_on_signals()
    works = [_work_until(services, stop)]
    if metrics_port:
        works.append(serve_web(create_operations_app(services), "127.0.0.1", metrics_port, stop))
    await _together(*works)


async def _work_until(services: Services, stop: asyncio.Event) -> None:
    """Work until *stop*, then finish what is in hand within the drain time."""
    worker = Worker(services)
    running = asyncio.create_task(worker.run())
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:  # also when the door could not open: the worker says goodbye before the database is closed
        stopping.cancel()
        worker.stop()
        await _drained(running)


async def _drained(running: asyncio.Task[None]) -> None:
    try:
        await asyncio.wait_for(running, DRAIN_SECONDS)
    except TimeoutError:
        log().warning("work in hand was left to another worker", reason="drain")


async def _together(*works: Coroutine[Any, Any, None]) -> None:
    """Run all; when one fails the others are cancelled and the failure is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None


def stop_on_signals() -> asyncio.Event:
    """Return an event that SIGTERM and Ctrl-C set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop


def _say_where(host: str, port: int) -> None:
    say(f"Helpdesk Recovery listens on http://{host}:{port}")
