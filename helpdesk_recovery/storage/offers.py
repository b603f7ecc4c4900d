"""Offers as people list them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from helpdesk_recovery.storage import records
from helpdesk_recovery.storage.tables import case_records, cases, effects


@dataclass(frozen=True, slots=True)
class Listed:
    """One offer with where it belongs and what became of its note."""

    reference: str
    case_id: str
    connection_id: str
    ticket_id: str
    made_at: datetime
    outcome: str
    policy: str
    trace: Sequence[dict[str, Any]]
    note_state: str


def newest(connection: Connection, limit: int) -> list[Listed]:
    """Return the newest offers of the installation, newest first."""
    query = _offers().order_by(case_records.c.number.desc()).limit(limit)
    return [_listed(row) for row in connection.execute(query).mappings()]


def by_reference(connection: Connection, reference: str) -> Listed | None:
    """Return the offer with this reference, or None."""
    row = connection.execute(_offers().where(effects.c.key == reference)).mappings().first()
    return _listed(row) if row else None


def _offers() -> Select[Any]:
    """Every offer has one effect, its note, with the offer's reference as key."""
    mark = case_records.c.content["reference"].as_string()
    return (
        select(
            case_records,
            records.decision_of_offer().label("decision"),
            cases.c.ticket_id,
            cases.c.connection_id,
            effects.c.state.label("note_state"),
        )
        .join(cases, cases.c.id == case_records.c.case_id)
        .join(effects, (effects.c.case_id == cases.c.id) & (effects.c.key == mark))
        .where(case_records.c.stage == "offer")
    )


def _listed(row: Any) -> Listed:
    offer = row["content"]
    decision = row["decision"]
    return Listed(
        reference=offer["reference"],
        case_id=row["case_id"],
        connection_id=row["connection_id"],
        ticket_id=row["ticket_id"],
        made_at=row["made_at"],
        outcome=decision["outcome"],
        policy=f"{decision['policy']} version {decision['version']}",
        trace=decision["trace"],
        note_state=row["note_state"],
    )
