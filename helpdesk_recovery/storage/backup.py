"""All state as one portable file: the same on SQLite and PostgreSQL, so it is also how to move between them."""

from __future__ import annotations

import base64
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Column, Connection, Identity, LargeBinary, Table, func, insert, select, text

from helpdesk_recovery.bundled import version
from helpdesk_recovery.errors import ConfigurationInvalid
from helpdesk_recovery.storage import migrate, outbox, switch
from helpdesk_recovery.storage.all_tables import metadata
from helpdesk_recovery.storage.schema import Instant

_FORMAT = 1
_HEAD = "manifest.json"
_PASSING = frozenset({"jobs", "workers"})
_BATCH = 500


def write(connection: Connection, path: Path) -> int:
    """Write every row to *path* from one consistent view; return how many rows there are."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_HEAD, json.dumps(_head()))
        return sum(_write_table(connection, archive, table) for table in _tables())


def _write_table(connection: Connection, archive: zipfile.ZipFile, table: Table) -> int:
    query = select(table).order_by(*table.primary_key).execution_options(yield_per=_BATCH)
    with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as out:
        return sum(_write_row(out, table, row) for row in connection.execute(query).mappings())


def _write_row(out: IO[bytes], table: Table, row: Any) -> int:
    out.write(json.dumps(_pack(table, row), ensure_ascii=False).encode() + b"\n")
    return 1


def _head() -> dict[str, Any]:
    made = datetime.now(UTC).isoformat()
    return {"format": _FORMAT, "version": version(), "revision": migrate.HEAD, "made": made}


def read(connection: Connection, path: Path) -> int:
    """Fill an empty database from *path*; return how many rows there are.

    Writing to helpdesks is paused afterwards, and every open effect is looked for in its thread before it may be
    sent. Raise ConfigurationInvalid when the database is not empty, or the file is damaged or of another revision.
    """
    with _archive(path) as archive:
        _check_head(json.loads(archive.read(_HEAD)))
        _check_empty(connection)
        count = sum(_fill(connection, archive, table) for table in _tables())
    outbox.doubt_all(connection)
    switch.pause(connection, f"restored from {path.name}")
    return count


@contextmanager
def _archive(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        raise ConfigurationInvalid(f"{path} is not a backup of ours, or it is damaged: {error}") from None


def _tables() -> list[Table]:
    return [table for table in metadata.sorted_tables if table.name not in _PASSING]


def _check_head(head: dict[str, Any]) -> None:
    if head.get("format") != _FORMAT or head.get("revision") != migrate.HEAD:
        raise ConfigurationInvalid(
            f"The backup was made by version {head.get('version')} (revision {head.get('revision')}); "
            f"restore it with that version, then upgrade."
        )


def _check_empty(connection: Connection) -> None:
    switch.forget(connection)
    for table in _tables():
        if connection.execute(select(func.count()).select_from(table)).scalar():
            raise ConfigurationInvalid(f"The database is not empty (there are {table.name}). Restore into a new one.")


def _fill(connection: Connection, archive: zipfile.ZipFile, table: Table) -> int:
    count = 0
    for batch in _batches(archive, table):
        connection.execute(insert(table), batch)
        count += len(batch)
    if connection.dialect.name == "postgresql":
        _advance_sequences(connection, table)
    return count


def _batches(archive: zipfile.ZipFile, table: Table) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    with archive.open(f"{table.name}.jsonl") as lines:
        for line in lines:
            batch.append(_unpack(table, json.loads(line)))
            if len(batch) == _BATCH:
                yield batch
                batch = []
    if batch:
        yield batch


def _advance_sequences(connection: Connection, table: Table) -> None:
    """Numbers given by the database go on after the restored ones."""
    for column in table.columns:
        if isinstance(column.identity, Identity):
            highest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            connection.execute(select(func.setval(sequence, highest, False)))


def _pack(table: Table, row: Any) -> dict[str, Any]:
    return {column.name: _plain(row[column.name]) for column in table.columns}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    return value.isoformat() if isinstance(value, datetime) else value


def _unpack(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    return {column.name: _typed(column, row.get(column.name)) for column in table.columns}


def _typed(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(value)
    return datetime.fromisoformat(value) if isinstance(column.type, Instant) else value
