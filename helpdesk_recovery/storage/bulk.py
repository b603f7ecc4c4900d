"""Insert many rows with one statement.

Their values are ready for the database: moments as microseconds since 1970 UTC, JSON as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def insert_rows(
    connection: Connection,
    table: Table,
    columns: tuple[str, ...],
    rows: Sequence[Sequence[Any]],
    *,
    skip_known: bool = False,
    returning: str | None = None,
) -> list[Any]:
    """Insert *rows* (values in the order of *columns*); return column *returning* of those that were inserted.

    With *skip_known* a row that breaks a unique key is left out, else it raises IntegrityError.
    """
    if connection.dialect.name == "sqlite":
        statement = _sqlite(table, columns, skip_known, returning, len(rows))
        result = connection.exec_driver_sql(statement, tuple(chain.from_iterable(rows)))
    else:
        statement = _postgresql(table, columns, skip_known, returning)
        result = connection.exec_driver_sql(statement, tuple(map(list, zip(*rows, strict=True))))
    return [row[0] for row in result] if returning else []


@cache
def _sqlite(table: Table, columns: tuple[str, ...], skip_known: bool, returning: str | None, rows: int) -> str:
    """One statement for all: with one a row the writer thread would queue for Python's lock after each."""
    marks = f"({', '.join('?' * len(columns))})"
    values = "VALUES " + ", ".join([marks] * rows)
    return _insert(table, columns, values, skip_known, returning)


@cache
def _postgresql(table: Table, columns: tuple[str, ...], skip_known: bool, returning: str | None) -> str:
    """One array a column, so that the statement is the same however many rows there are."""
    types = [table.c[name].type.compile(_DIALECT) for name in columns]
    arrays = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(types, 1))
    return _insert(table, columns, f"SELECT * FROM unnest({arrays})", skip_known, returning)  # noqa: S608


def _insert(table: Table, columns: tuple[str, ...], values: str, skip_known: bool, returning: str | None) -> str:
    conflict = " ON CONFLICT DO NOTHING" if skip_known else ""
    answer = f" RETURNING {returning}" if returning else ""
    return f"INSERT INTO {table.name} ({', '.join(columns)}) {values}{conflict}{answer}"
