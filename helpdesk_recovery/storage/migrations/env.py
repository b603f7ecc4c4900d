"""Run migrations on the connection that the caller hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import BigInteger

from helpdesk_recovery.storage import all_tables
from helpdesk_recovery.storage.schema import Instant


def ours(name: str | None, kind: str, parents: Any) -> bool:
    """Tables that belong to others on the same database, such as the engine's, are not compared."""
    return kind != "table" or name in all_tables.metadata.tables


def render(kind: str, thing: Any, context: Any) -> str | Literal[False]:
    """Write our own column types as what the database stores."""
    return "sa.BigInteger()" if kind == "type" and isinstance(thing, Instant) else False


def same_type(context: Any, inspected: Any, column: Any, inspected_type: Any, column_type: Any) -> bool | None:
    """Say that a moment stored as a big integer has not changed."""
    return False if isinstance(column_type, Instant) and isinstance(inspected_type, BigInteger) else None


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=all_tables.metadata,
    include_name=ours,
    render_item=render,
    compare_type=same_type,
    render_as_batch=False,
)
context.run_migrations()
