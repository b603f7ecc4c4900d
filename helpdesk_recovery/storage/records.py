"""What each stage of the line made of a case: append-only, with the version of the thing that made it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from helpdesk_recovery.storage import codec
from helpdesk_recovery.storage.tables import case_records, cases


def keep(connection: Connection, case_id: str, stage: str, made_by: str, noun: object, now: datetime) -> None:
    """Append one stage's result."""
    values = {"case_id": case_id, "stage": stage, "made_by": made_by, "made_at": now, "content": codec.dump(noun)}
    connection.execute(insert(case_records).values(**values))


def of_case(connection: Connection, case_id: str) -> list[dict[str, Any]]:
    """Return everything recorded on a case, oldest first."""
    query = select(case_records).where(case_records.c.case_id == case_id).order_by(case_records.c.number)
    return [dict(row) for row in connection.execute(query).mappings()]


def latest(connection: Connection, case_id: str, stage: str) -> Any | None:
    """Return the newest content of *stage*, or None."""
    query = (
        select(case_records.c.content)
        .where(case_records.c.case_id == case_id, case_records.c.stage == stage)
        .order_by(case_records.c.number.desc())
        .limit(1)
    )
    return connection.execute(query).scalar()


def offers(connection: Connection, account: str, limit: int, before: int | None = None) -> list[dict[str, Any]]:
    """Return the newest offers of an account with their case, newest first; *before* continues a listing."""
    query = (
        select(case_records, cases.c.ticket_id, cases.c.connection_id, cases.c.reference)
        .join(cases, cases.c.id == case_records.c.case_id)
        .where(cases.c.account_id == account, case_records.c.stage == "offer")
        .order_by(case_records.c.number.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(case_records.c.number < before)
    return [dict(row) for row in connection.execute(query).mappings()]
