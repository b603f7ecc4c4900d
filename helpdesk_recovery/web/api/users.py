"""``/api/v1/users``: the account's staff."""

from __future__ import annotations

from aiohttp import web
from pydantic import BaseModel

from helpdesk_recovery.domain.staff import Role
from helpdesk_recovery.storage import staff
from helpdesk_recovery.storage.staff import ApiToken
from helpdesk_recovery.web.keys import SERVICES


class UserOut(BaseModel):
    """A member of staff."""

    id: str
    email: str
    name: str
    roles: list[Role]


class UsersOut(BaseModel):
    """All members of staff, by e-mail address."""

    items: list[UserOut]


async def listed(request: web.Request, caller: ApiToken) -> UsersOut:
    """Answer with the account's users and their roles."""
    found = await request.app[SERVICES].database.read(lambda sql: staff.list_users(sql, caller.account))
    items = [UserOut(id=one.id, email=one.email, name=one.name, roles=sorted(one.roles)) for one in found]
    return UsersOut(items=items)
