"""``backup`` and ``restore``: one portable file, also the way from SQLite to PostgreSQL."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.cli.run import with_services
from helpdesk_recovery.cli.say import console, fail
from helpdesk_recovery.storage import backup as archive
from helpdesk_recovery.storage import migrate

File = Annotated[Path, typer.Argument(help="The backup file.")]


def backup(file: File) -> None:
    """Write everything to one file while the service runs. It holds customers' texts: keep it safe."""
    if file.exists():
        fail(f"{file} is there already. Choose another name.")
    with_services(lambda services: _backup(services, file))


def restore(file: File) -> None:
    """Fill a new, empty database from a backup. Writing stays paused until `effects resume`."""
    if not file.is_file():
        fail(f"{file} is not a file.")
    with_services(lambda services: _restore(services, file), needs_tables=False)


async def _backup(services: Services, file: Path) -> None:
    unfinished = file.with_name(file.name + ".part")
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    count = await services.database.read(lambda sql: archive.write(sql, unfinished))
    unfinished.rename(file)
    console.print(f"{count} rows are in {file}. Stored secrets in it open only with HELPDESK_RECOVERY_SECRET_KEY.")


async def _restore(services: Services, file: Path) -> None:
    await services.database.write(migrate.upgrade)
    await services.engine.prepare()
    count = await services.database.write(lambda sql: archive.read(sql, file))
    console.print(f"{count} rows are restored. Nothing is written to helpdesks yet.")
    console.print("Start the service, look at doctor and at a few tickets, then: helpdesk-recovery effects resume")
