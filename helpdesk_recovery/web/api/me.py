"""``/api/v1/me``: who is asking."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web
from pydantic import BaseModel, Field

from helpdesk_recovery.storage import account
from helpdesk_recovery.storage.staff import ApiToken
from helpdesk_recovery.web.keys import SERVICES


class Me(BaseModel):
    """The account and the token of the caller."""

    account: str = Field(description="The account's id.")
    account_name: str
    token: str = Field(description="The token's id; its text is never shown.")
    token_name: str
    scopes: list[str]
    expires_at: datetime


async def show(request: web.Request, caller: ApiToken) -> Me:
    """Answer with the caller's own account and token."""
    name = await request.app[SERVICES].database.read(lambda sql: account.name_of(sql, caller.account))
    return Me(
        account=caller.account,
        account_name=name,
        token=caller.id,
        token_name=caller.name,
        scopes=sorted(caller.scopes),
        expires_at=caller.expires_at,
    )
