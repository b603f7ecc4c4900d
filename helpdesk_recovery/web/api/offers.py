"""``/api/v1/offers``: what was suggested, with the decision behind it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiohttp import web
from pydantic import BaseModel, Field

from helpdesk_recovery.domain.decision import Decision
from helpdesk_recovery.domain.offer import OfferState
from helpdesk_recovery.storage import account
from helpdesk_recovery.storage.staff import ApiToken
from helpdesk_recovery.web.api.query import PageQuery, next_page, path_part, read_query
from helpdesk_recovery.web.keys import SERVICES


class OffersQuery(PageQuery):
    """Which offers."""

    after: int | None = Field(default=None, ge=1, le=2**53, description="Where `next` of a page continues.")


class OfferOut(BaseModel):
    """One offer. Amounts are in minor units: 1550 EUR is 15.50 euros."""

    reference: str = Field(description="The marker that people see, such as HR-7F3K2M4Q.")
    state: OfferState
    case_id: str
    connection: str = Field(description="The connection's name.")
    ticket_id: str = Field(description="The ticket's id in its helpdesk.")
    created_at: datetime
    decision: Decision


class OffersOut(BaseModel):
    """A page of offers, newest first."""

    items: list[OfferOut]
    next: str | None = Field(description="Relative URL of the next page; null on the last.")


async def listed(request: web.Request, caller: ApiToken) -> OffersOut:
    """Answer with a page of the account's offers."""
    query = read_query(OffersQuery, request)
    rows = await request.app[SERVICES].database.read(
        lambda sql: account.offers_of(sql, caller.account, query.limit + 1, query.after)
    )
    page = rows[: query.limit]
    after = str(page[-1]["number"]) if len(rows) > query.limit else None
    return OffersOut(items=[_out(row) for row in page], next=next_page(request, after))


async def show(request: web.Request, caller: ApiToken) -> OfferOut:
    """Answer with one offer."""
    reference = path_part(request, "reference")
    return _out(await request.app[SERVICES].database.read(lambda sql: account.offer_of(sql, caller.account, reference)))


def _out(row: dict[str, Any]) -> OfferOut:
    return OfferOut.model_validate({**row["content"], **row})
