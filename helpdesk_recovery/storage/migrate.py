"""Bring the database's tables up to date, and tell whether they are."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, inspect, text

from helpdesk_recovery.errors import ConfigurationInvalid

HEAD = "0001"
_HERE = Path(__file__).parent / "migrations"
_LOCK = 8_241_337_201  # any number that no other program on this PostgreSQL uses for advisory locks


def upgrade(connection: Connection) -> None:
    """Create or change tables as needed, in the caller's transaction; several at once do it one after the other."""
    from alembic import command

    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if version(connection) != HEAD:
        command.upgrade(config(connection), "head")


def version(connection: Connection) -> str | None:
    """Return the revision that the database is at, or None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def is_current(connection: Connection) -> bool:
    """Tell whether the tables are what this version needs; proves on the way that the database can be written."""
    if version(connection) != HEAD:
        return False
    forget = text("DELETE FROM installation WHERE key = 'probe'")
    probe = text("INSERT INTO installation (key, value) VALUES ('probe', :now)")
    connection.execute(forget)
    connection.execute(probe, {"now": datetime.now(UTC).isoformat()})
    return True


def require_current(connection: Connection) -> None:
    """Raise ConfigurationInvalid, saying what to run, when the tables are not up to date."""
    if version(connection) != HEAD:
        raise ConfigurationInvalid("The database is not up to date. Run: helpdesk-recovery database upgrade")


def config(connection: Connection) -> Any:
    """Return Alembic's configuration around *connection*."""
    from alembic.config import Config

    found = Config()
    found.set_main_option("script_location", str(_HERE))
    found.set_main_option("path_separator", "os")
    found.attributes["connection"] = connection
    return found
