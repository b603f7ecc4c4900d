"""Connections, with their secrets sealed."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection as Sql
from sqlalchemy import delete, insert, select, update

from helpdesk_recovery.domain.connection import Connection, Mode, Pilot
from helpdesk_recovery.errors import ConfigurationInvalid, NotFound
from helpdesk_recovery.storage import codec
from helpdesk_recovery.storage.seal import Sealer
from helpdesk_recovery.storage.tables import (
    case_events,
    case_records,
    cases,
    connections,
    deliveries,
    effects,
    user_links,
)

MAX_LIVE_SECRETS = 2
DEFAULT_WRITES_PER_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Health:
    """How a connection is doing, for ``doctor`` and ``connection show``."""

    name: str
    last_delivery_at: datetime | None
    paused_until: datetime | None
    trouble: str | None
    poll_due_at: datetime | None


def add(sql: Sql, connection: Connection, sealer: Sealer, now: datetime) -> None:
    """Store a new connection; raise ConfigurationInvalid when its name is taken."""
    taken = sql.execute(select(connections.c.id).where(connections.c.name == connection.name)).first()
    if taken:
        raise ConfigurationInvalid(f"There is already a connection called {connection.name!r}. Choose another --name.")
    values = _values(connection, sealer)
    sql.execute(
        insert(connections).values(
            id=connection.id,
            account_id=connection.account,
            created_at=now,
            poll_due_at=now if connection.poll_seconds else None,
            writes_per_minute=int(connection.options.get("writes_per_minute", DEFAULT_WRITES_PER_MINUTE)),
            **values,
        )
    )


def save(sql: Sql, connection: Connection, sealer: Sealer) -> None:
    """Store a changed connection."""
    if len(connection.secrets) > MAX_LIVE_SECRETS:
        raise ConfigurationInvalid("A connection can have two live secrets: remove the old one first.")
    sql.execute(update(connections).where(connections.c.id == connection.id).values(**_values(connection, sealer)))


def everything(sql: Sql, sealer: Sealer) -> list[Connection]:
    """Return all connections, by name."""
    rows = sql.execute(select(connections).order_by(connections.c.name)).mappings()
    return [_connection(row, sealer) for row in rows]


def named(sql: Sql, name: str, sealer: Sealer) -> Connection:
    """Return the connection called *name*; raise NotFound with what to do."""
    row = sql.execute(select(connections).where(connections.c.name == name)).mappings().first()
    if row is None:
        raise NotFound(f"There is no connection called {name!r}. See: helpdesk-recovery connection list")
    return _connection(row, sealer)


def without_secrets(sql: Sql, name: str) -> Connection:
    """Return the connection called *name* without token and secrets, which then need not be opened."""
    row = sql.execute(select(connections).where(connections.c.name == name)).mappings().first()
    if row is None:
        raise NotFound(f"There is no connection called {name!r}. See: helpdesk-recovery connection list")
    return _connection({**row, "token_sealed": None, "secrets_sealed": ()}, None)


def by_id(sql: Sql, connection_id: str, sealer: Sealer) -> Connection:
    """Return the connection with this id."""
    row = sql.execute(select(connections).where(connections.c.id == connection_id)).mappings().first()
    if row is None:
        raise NotFound("The connection was removed.")
    return _connection(row, sealer)


def set_mode(sql: Sql, name: str, mode: Mode, pilot: Pilot) -> None:
    """Turn writing on or off; read again before every single write, so it holds at once."""
    found = sql.execute(
        update(connections).where(connections.c.name == name).values(mode=str(mode), pilot=codec.dump(pilot))
    )
    if not found.rowcount:
        raise NotFound(f"There is no connection called {name!r}. See: helpdesk-recovery connection list")


def learn_option(sql: Sql, connection_id: str, key: str, value: str) -> None:
    """Remember something the helpdesk told us, such as which user we are there."""
    options = sql.execute(select(connections.c.options).where(connections.c.id == connection_id)).scalar_one()
    if options.get(key) != value:
        statement = update(connections).where(connections.c.id == connection_id)
        sql.execute(statement.values(options={**options, key: value}))


def remove(sql: Sql, connection_id: str) -> None:
    """Delete a connection and everything that was stored for it."""
    of_it = select(cases.c.id).where(cases.c.connection_id == connection_id)
    sql.execute(delete(effects).where(effects.c.connection_id == connection_id))
    sql.execute(delete(case_records).where(case_records.c.case_id.in_(of_it)))
    sql.execute(delete(case_events).where(case_events.c.case_id.in_(of_it)))
    sql.execute(delete(cases).where(cases.c.connection_id == connection_id))
    sql.execute(delete(deliveries).where(deliveries.c.connection_id == connection_id))
    sql.execute(delete(user_links).where(user_links.c.connection_id == connection_id))
    sql.execute(delete(connections).where(connections.c.id == connection_id))


def health(sql: Sql) -> list[Health]:
    """Return how every connection is doing, by name."""
    c = connections.c
    query = select(c.name, c.last_delivery_at, c.paused_until, c.trouble, c.poll_due_at).order_by(c.name)
    return [Health(*row) for row in sql.execute(query)]


def claim_due_polls(sql: Sql, now: datetime) -> list[tuple[str, str | None]]:
    """Take the polls that are due, each once among all workers; return (connection id, cursor)."""
    due = select(connections.c.id, connections.c.poll_seconds).where(connections.c.poll_due_at <= now)
    taken = []
    for connection_id, seconds in sql.execute(due).all():
        statement = (
            update(connections)
            .where(connections.c.id == connection_id, connections.c.poll_due_at <= now)
            .values(poll_due_at=now + timedelta(seconds=seconds or 60))
            .returning(connections.c.id, connections.c.poll_cursor)
        )
        taken += [(row[0], row[1]) for row in sql.execute(statement)]
    return taken


def save_cursor(sql: Sql, connection_id: str, cursor: str) -> None:
    """Remember where the next poll begins."""
    sql.execute(update(connections).where(connections.c.id == connection_id).values(poll_cursor=cursor))


def set_trouble(sql: Sql, connection_id: str, trouble: str | None) -> None:
    """Note what went wrong last with this helpdesk, for the operator; None when all is well."""
    changed = connections.c.trouble.is_distinct_from(trouble)
    sql.execute(update(connections).where(connections.c.id == connection_id, changed).values(trouble=trouble))


def _values(connection: Connection, sealer: Sealer) -> dict[str, Any]:
    token = sealer.seal(connection.token, connection.id) if connection.token else None
    return {
        "helpdesk": connection.helpdesk,
        "name": connection.name,
        "url": connection.url,
        "mode": str(connection.mode),
        "pilot": codec.dump(connection.pilot),
        "staff_language": connection.staff_language,
        "currency": connection.currency,
        "policies": list(connection.policies),
        "options": dict(connection.options),
        "poll_seconds": connection.poll_seconds,
        "token_sealed": token,
        "secrets_sealed": [_armour(sealer.seal(secret, connection.id)) for secret in connection.secrets],
    }


def _connection(row: Mapping[Any, Any], sealer: Sealer | None) -> Connection:
    owner = row["id"]
    token = row["token_sealed"]
    return Connection(
        id=owner,
        account=row["account_id"],
        helpdesk=row["helpdesk"],
        name=row["name"],
        url=row["url"],
        mode=Mode(row["mode"]),
        pilot=codec.load(Pilot, row["pilot"]),
        staff_language=row["staff_language"],
        currency=row["currency"],
        policies=tuple(row["policies"]),
        poll_seconds=row["poll_seconds"],
        options=row["options"],
        token=sealer.open(bytes(token), owner) if sealer and token else None,
        secrets=tuple(sealer.open(base64.b64decode(one), owner) for one in row["secrets_sealed"]) if sealer else (),
    )


def _armour(sealed: bytes) -> str:
    return base64.b64encode(sealed).decode()


def any_due_poll(sql: Sql, now: datetime) -> bool:
    """Tell whether some connection is due for a poll, without taking it."""
    return sql.execute(select(connections.c.id).where(connections.c.poll_due_at <= now).limit(1)).first() is not None
