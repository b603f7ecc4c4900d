"""What each stage of the line made of a case: append-only, with the version of the thing that made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from helpdesk_recovery.storage import codec
from helpdesk_recovery.storage.tables import case_records


@dataclass(frozen=True, slots=True)
class Record:
    """One stage's result for one case; ``noun`` is any frozen dataclass."""

    case_id: str
    account: str
    stage: str
    made_by: str
    noun: object


def keep(connection: Connection, made: Sequence[Record], now: datetime) -> None:
    """Append results."""
    rows = [
        {
            "case_id": one.case_id,
            "account_id": one.account,
            "stage": one.stage,
            "made_by": one.made_by,
            "made_at": now,
            "content": codec.dump(one.noun),
        }
        for one in made
    ]
    connection.execute(insert(case_records), rows)


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
