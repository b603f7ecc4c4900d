"""``/api/v1/cases``: one per ticket and connection, and the whole life of one."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel, Field

from helpdesk_recovery.domain.effect import EffectKind, EffectState
from helpdesk_recovery.storage import account, codec
from helpdesk_recovery.storage.staff import ApiToken
from helpdesk_recovery.web.api.query import PageQuery, next_page, path_part, read_query
from helpdesk_recovery.web.keys import SERVICES

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CasesQuery(PageQuery):
    """Which cases."""

    state: Literal["open", "closed", "stuck"] | None = Field(default=None, description="Only cases in this state.")
    connection: str | None = Field(
        default=None, pattern=r"^[a-z0-9-]{1,63}$", description="Only cases of the connection with this name."
    )
    after: str | None = Field(
        default=None, pattern=r"^[0-9]{1,16}\.[A-Za-z0-9_-]{1,64}$", description="Where `next` of a page continues."
    )


class CaseOut(BaseModel):
    """One case: a ticket that we follow."""

    id: str
    connection: str = Field(description="The connection's name.")
    ticket_id: str = Field(description="The ticket's id in its helpdesk.")
    state: str = Field(description="open, closed, or stuck (a person must look).")
    reason: str | None = Field(description="Why it is closed or stuck.")
    reference: str | None = Field(description="The offer that stands, such as HR-7F3K2M4Q.")
    created_at: datetime
    updated_at: datetime
    noted_at: datetime | None = Field(description="When the last note was written.")


class CasesOut(BaseModel):
    """A page of cases, the one touched last first."""

    items: list[CaseOut]
    next: str | None = Field(description="Relative URL of the next page; null on the last.")


class RecordOut(BaseModel):
    """What a stage made, as stored then."""

    made_by: str = Field(description="What made it, with its version.")
    made_at: datetime
    content: Any


class EffectOut(BaseModel):
    """Something we did, or mean to do, in the helpdesk."""

    id: str
    kind: EffectKind
    key: str = Field(description="Its idempotency key, which stands in what it writes.")
    state: EffectState
    reason: str | None
    tries: int
    text: str
    html: str
    created_at: datetime
    sent_at: datetime | None
    external_id: str | None = Field(description="The id that the helpdesk gave it.")


class CaseLifeOut(CaseOut):
    """A case with everything that was made of it."""

    records: dict[str, list[RecordOut]] = Field(
        description="By stage (ticket, assessment, decision, offer, observation), oldest first."
    )
    effects: list[EffectOut] = Field(description="Oldest first.")


async def listed(request: web.Request, caller: ApiToken) -> CasesOut:
    """Answer with a page of the account's cases."""
    query = read_query(CasesQuery, request)
    rows = await request.app[SERVICES].database.read(
        lambda sql: account.cases_of(
            sql,
            caller.account,
            query.limit + 1,
            state=query.state,
            connection=query.connection,
            before=_place(query.after),
        )
    )
    items = [CaseOut.model_validate(row) for row in rows[: query.limit]]
    after = _after(items[-1]) if len(rows) > query.limit else None
    return CasesOut(items=items, next=next_page(request, after))


async def show(request: web.Request, caller: ApiToken) -> CaseLifeOut:
    """Answer with the whole life of one case."""
    case_id = path_part(request, "id")
    case, records, effects = await request.app[SERVICES].database.read(
        lambda sql: account.case_of(sql, caller.account, case_id)
    )
    by_stage: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in records:
        by_stage[record["stage"]].append(record)
    return CaseLifeOut.model_validate({**case, "records": by_stage, "effects": [codec.dump(one) for one in effects]})


def _after(case: CaseOut) -> str:
    return f"{(case.updated_at - _EPOCH) // timedelta(microseconds=1)}.{case.id}"


def _place(after: str | None) -> tuple[datetime, str] | None:
    if after is None:
        return None
    microseconds, _, case_id = after.partition(".")
    return _EPOCH + timedelta(microseconds=int(microseconds)), case_id
