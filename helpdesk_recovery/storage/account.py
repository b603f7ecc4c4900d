"""What the programs of one account may read. Every query carries the account; no column with a secret is read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select, tuple_

from helpdesk_recovery.domain.effect import Effect
from helpdesk_recovery.errors import NotFound
from helpdesk_recovery.storage import outbox, records
from helpdesk_recovery.storage.tables import accounts, case_records, cases, connections, effects

Row = dict[str, Any]

_CONNECTION = [
    connections.c[name]
    for name in (
        "id", "name", "helpdesk", "mode", "pilot", "staff_language", "currency", "policies", "poll_seconds",
        "created_at", "last_delivery_at", "paused_until", "trouble",
    )
]  # fmt: skip
_CASE = [
    cases.c[name]
    for name in ("id", "ticket_id", "state", "reason", "action", "reference", "created_at", "updated_at", "noted_at")
]


def name_of(sql: Connection, account: str) -> str:
    """Return the account's name."""
    found: str = sql.execute(select(accounts.c.name).where(accounts.c.id == account)).scalar_one()
    return found


def connections_of(sql: Connection, account: str) -> list[Row]:
    """Return the account's connections by name, without token, secrets and options."""
    query = select(*_CONNECTION).where(connections.c.account_id == account).order_by(connections.c.name)
    return [dict(row) for row in sql.execute(query).mappings()]


def connection_id(sql: Connection, account: str, name: str) -> str:
    """Return the id of the account's connection called *name*; raise NotFound when it has none such."""
    query = select(connections.c.id).where(connections.c.account_id == account, connections.c.name == name)
    found: str | None = sql.execute(query).scalar()
    if found is None:
        raise NotFound(f"There is no connection called {name!r} in this account.")
    return found


def cases_of(
    sql: Connection,
    account: str,
    limit: int,
    *,
    state: str | None = None,
    connection: str | None = None,
    before: tuple[datetime, str] | None = None,
) -> list[Row]:
    """Return the account's cases, the one touched last first; *connection* is a name, NotFound when there is none such.

    *before* (``updated_at`` and id of the last case of a page) continues a listing.
    """
    query = _cases(account).order_by(cases.c.updated_at.desc(), cases.c.id.desc()).limit(limit)
    if state is not None:
        query = query.where(cases.c.state == state)
    if connection is not None:
        query = query.where(cases.c.connection_id == connection_id(sql, account, connection))
    if before is not None:
        query = query.where(tuple_(cases.c.updated_at, cases.c.id) < before)
    return [dict(row) for row in sql.execute(query).mappings()]


def case_of(sql: Connection, account: str, case_id: str) -> tuple[Row, list[Row], list[Effect]]:
    """Return one case of the account, its records and its effects, both oldest first; raise NotFound."""
    row = sql.execute(_cases(account).where(cases.c.id == case_id)).mappings().first()
    if row is None:
        raise NotFound("There is no such case in this account.")
    return dict(row), records.of_case(sql, case_id), outbox.of_case(sql, case_id)


def _cases(account: str) -> Select[Any]:
    return (
        select(*_CASE, connections.c.name.label("connection"))
        .join(connections, connections.c.id == cases.c.connection_id)
        .where(cases.c.account_id == account)
    )


def offers_of(sql: Connection, account: str, limit: int, before: int | None = None) -> list[Row]:
    """Return the account's offers, newest first; *before* (the ``number`` of a page's last) continues a listing."""
    query = _offers(account).order_by(case_records.c.number.desc()).limit(limit)
    if before is not None:
        query = query.where(case_records.c.number < before)
    return [_with_decision(row) for row in sql.execute(query).mappings()]


def offer_of(sql: Connection, account: str, reference: str) -> Row:
    """Return the account's offer with this reference; raise NotFound. Every offer has one effect with it as key."""
    mark = case_records.c.content["reference"].as_string()
    query = (
        _offers(account)
        .join(effects, effects.c.case_id == cases.c.id)
        .where(effects.c.key == reference, mark == reference)
        .order_by(case_records.c.number.desc())
    )
    row = sql.execute(query.limit(1)).mappings().first()
    if row is None:
        raise NotFound("There is no such offer in this account.")
    return _with_decision(row)


def _with_decision(row: Any) -> Row:
    return {**row, "content": {**row["content"], "decision": row["decision"]}}


def _offers(account: str) -> Select[Any]:
    columns = (case_records.c.number, case_records.c.case_id, case_records.c.content, cases.c.ticket_id)
    return (
        select(*columns, connections.c.name.label("connection"), records.decision_of_offer().label("decision"))
        .join(cases, cases.c.id == case_records.c.case_id)
        .join(connections, connections.c.id == cases.c.connection_id)
        .where(case_records.c.account_id == account, case_records.c.stage == "offer")
    )
