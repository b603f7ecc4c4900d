"""``backup`` and ``restore``: one portable file, also the way from SQLite to PostgreSQL."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.cli.run import with_services
from helpdesk_recovery.cli.say import fail, say
from helpdesk_recovery.errors import ConfigurationInvalid
from helpdesk_recovery.storage import backup as archive
from helpdesk_recovery.storage import connections, migrate

File = Annotated[Path, typer.Argument(help="The backup file.")]


def backup(file: File) -> None:
    """Write everything to one file while the service runs. It holds customers' texts: keep it safe."""
    if file.exists():
        fail(f"{file} is there already. Choose another name.")
    with_services(lambda services: write_backup(services, file))


def restore(file: File) -> None:
    """Fill a new, empty database from a backup. Writing stays paused until `effects resume`."""
    if not file.is_file():
        fail(f"{file} is not a file.")
    with_services(lambda services: read_backup(services, file), needs_tables=False)


async def write_backup(services: Services, file: Path) -> None:
    """Write *file*, readable by its owner only; it gets its name when it is whole."""
    unfinished = file.with_name(file.name + ".part")
    try:
        unfinished.unlink(missing_ok=True)
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        count = await services.database.read(lambda sql: archive.write(sql, unfinished))
        unfinished.rename(file)
    except OSError as error:
        raise ConfigurationInvalid(f"{file} cannot be written: {error.strerror}.") from None
    finally:
        with suppress(OSError):
            unfinished.unlink()
    say(f"{count} rows are in {file}. Stored secrets in it open only with HELPDESK_RECOVERY_SECRET_KEY.")


async def read_backup(services: Services, file: Path) -> None:
    """Fill the database from *file*."""
    await services.database.write(migrate.upgrade)
    await services.engine.prepare()
    count = await services.database.write(lambda sql: archive.read(sql, file))
    say(f"{count} rows are restored. Nothing is written to helpdesks yet.")
    say("Start the service, look at doctor and at a few tickets, then: helpdesk-recovery effects resume")
    await services.database.read(lambda sql: connections.everything(sql, services.sealer))  # says so if the key differs
