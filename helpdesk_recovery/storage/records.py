"""What each stage of the line made of a case: append-only, with the version of the thing that made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ScalarSelect, select

from helpdesk_recovery.storage import codec
from helpdesk_recovery.storage.bulk import insert_rows
from helpdesk_recovery.storage.schema import micros
from helpdesk_recovery.storage.tables import case_records


@dataclass(frozen=True, slots=True)
class Record:
    """One stage's result for one case; ``noun`` is any frozen dataclass."""

    case_id: str
    account: str
    stage: str
    made_by: str
    noun: object


_KEPT_APART = {"offer": frozenset({"decision"})}
"""What stands in a record of its own: an offer's decision is the newest one before it."""


_COLUMNS = ("case_id", "account_id", "stage", "made_by", "made_at", "content")


def keep(connection: Connection, made: Sequence[Record], now: datetime) -> None:
    """Append results."""
    at = micros(now)
    rows = [(one.case_id, one.account, one.stage, one.made_by, at, _content(one)) for one in made]
    insert_rows(connection, case_records, _COLUMNS, rows)


def _content(record: Record) -> str:
    return codec.ready(record.noun, without=_KEPT_APART.get(record.stage, frozenset()))


def decision_of_offer() -> ScalarSelect[Any]:
    """Return the decision of the offer in the enclosing query's row of ``case_records``, as a subquery."""
    made = case_records.alias("made")
    return (
        select(made.c.content)
        .where(made.c.case_id == case_records.c.case_id, made.c.stage == "decision")
        .where(made.c.number < case_records.c.number)
        .order_by(made.c.number.desc())
        .limit(1)
        .correlate(case_records)
        .scalar_subquery()
    )


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
