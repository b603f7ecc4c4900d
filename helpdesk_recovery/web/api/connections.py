"""``/api/v1/connections``: the helpdesks that are connected, without any secret."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiohttp import web
from pydantic import BaseModel, Field

from helpdesk_recovery.domain.connection import Mode, Pilot
from helpdesk_recovery.storage import account, codec
from helpdesk_recovery.storage.staff import ApiToken
from helpdesk_recovery.web.keys import SERVICES


class ConnectionOut(BaseModel):
    """One helpdesk of the account."""

    id: str
    name: str
    helpdesk: str
    mode: Mode = Field(description="In shadow nothing is written to the helpdesk.")
    only: str = Field(description="The pilot, such as share=10%; empty when everybody is in.")
    staff_language: str = Field(description="ISO 639-1.")
    currency: str = Field(description="ISO 4217; goodwill is given in it.")
    policies: list[str]
    poll_seconds: int | None = Field(description="How often we look for missed events; null when never.")
    created_at: datetime
    last_delivery_at: datetime | None
    paused_until: datetime | None = Field(description="Until when nothing is written, after failures or Retry-After.")
    trouble: str | None = Field(description="What went wrong last, for the operator.")


class ConnectionsOut(BaseModel):
    """All connections of the account, by name."""

    items: list[ConnectionOut]


async def listed(request: web.Request, caller: ApiToken) -> ConnectionsOut:
    """Answer with the account's connections."""
    rows = await request.app[SERVICES].database.read(lambda sql: account.connections_of(sql, caller.account))
    return ConnectionsOut(items=[_out(row) for row in rows])


def _out(row: dict[str, Any]) -> ConnectionOut:
    return ConnectionOut.model_validate({**row, "only": codec.load(Pilot, row["pilot"]).words()})
