"""``database``: tables up to date, or not."""

from __future__ import annotations

import typer

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.cli.run import with_services
from helpdesk_recovery.cli.say import fail, say
from helpdesk_recovery.storage import migrate

app = typer.Typer(help="The database's tables.", no_args_is_help=True)


@app.command()
def upgrade() -> None:
    """Create or change the tables as this version needs them."""
    with_services(_upgrade, needs_tables=False)


@app.command()
def status() -> None:
    """Say which revision the database is at and which one is needed; end with 1 when they differ."""
    with_services(_status, needs_tables=False)


async def _upgrade(services: Services) -> None:
    await services.database.write(migrate.upgrade)
    await services.engine.prepare()
    say(f"The database is at revision {migrate.HEAD}.")


async def _status(services: Services) -> None:
    at = await services.database.read(migrate.version)
    say(f"The database is at revision {at or 'none (empty)'}; this version needs {migrate.HEAD}.")
    if at != migrate.HEAD:
        fail("Run: helpdesk-recovery database upgrade")
