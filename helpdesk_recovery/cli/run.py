"""Run a command's work on the services of this installation."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, TypeVar

from helpdesk_recovery.bootstrap import Services, build
from helpdesk_recovery.errors import ConfigurationInvalid
from helpdesk_recovery.settings import Settings, read_settings
from helpdesk_recovery.storage import migrate
from helpdesk_recovery.telemetry import start_logging

T = TypeVar("T")


def with_services(work: Callable[[Services], Awaitable[T]], *, needs_tables: bool = True) -> T:
    """Run *work* with services built from the environment."""
    return _run(read_settings(), work, needs_tables)


def with_settings(settings: Settings, work: Callable[[Services], Awaitable[T]]) -> T:
    """Run *work* with services built from *settings*."""
    return _run(settings, work, needs_tables=False)


def _run(settings: Settings, work: Callable[[Services], Awaitable[T]], needs_tables: bool) -> T:
    start_logging(settings.log_level)
    return run_async(_with(settings, work, needs_tables))


async def _with(settings: Settings, work: Callable[[Services], Awaitable[T]], needs_tables: bool) -> T:
    services = _build(settings)
    try:
        if needs_tables:
            await services.database.read(migrate.require_current)
        return await work(services)
    finally:
        await services.close()


def _build(settings: Settings) -> Services:
    try:
        return build(settings)
    except ModuleNotFoundError as error:
        raise ConfigurationInvalid(
            f"This database needs the package {error.name}. Run: pip install 'helpdesk-recovery[postgres]'"
        ) from error
    except OSError as error:
        raise ConfigurationInvalid(
            f"The folder of the database cannot be used: {error}. Look at HELPDESK_RECOVERY_DATA_DIR and its rights."
        ) from error


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on uvloop where there is one."""
    if sys.platform == "win32":
        return asyncio.run(work)
    import uvloop

    return uvloop.run(work)
