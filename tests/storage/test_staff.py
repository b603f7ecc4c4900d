"""Accounts, users, links and API tokens, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.staff import Role
from helpdesk_recovery.errors import ConfigurationInvalid, NotFound
from helpdesk_recovery.storage import connections, staff
from helpdesk_recovery.storage.database import Database
from helpdesk_recovery.storage.seal import Sealer

T = TypeVar("T")
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SEALER = Sealer("a-secret-key-for-tests-0123456789-abcdefgh")


class Two:
    """Two accounts in one database; ``do`` runs a function of a Connection in a transaction of its own."""

    def __init__(self, database: Database, ours: str, theirs: str) -> None:
        self.database, self.ours, self.theirs = database, ours, theirs

    async def do(self, work: Callable[..., T], *arguments: Any) -> T:
        return await self.database.write(lambda sql: work(sql, *arguments))

    async def user(self, account: str, email: str = "ada@example.com") -> str:
        return (await self.do(staff.add_user, account, email, "Ada", [Role.AGENT], NOW)).id

    async def connection(self, account: str, name: str) -> None:
        made = Connection(id=f"conn_{name}", account=account, helpdesk="memory", name=name, url=None)
        await self.do(connections.add, made, SEALER, NOW)


@pytest.fixture
async def two(database: Database) -> Two:
    ours = await database.write(lambda sql: staff.ensure_account(sql))
    theirs = await database.write(lambda sql: staff.ensure_account(sql, "theirs"))
    return Two(database, ours, theirs)


async def test_an_account_is_made_once(two: Two) -> None:
    assert await two.do(staff.ensure_account) == two.ours
    assert await two.do(staff.account_named, "default") == two.ours
    assert two.ours != two.theirs


async def test_an_account_that_many_make_at_once_is_one(two: Two) -> None:
    ids = await asyncio.gather(*(two.do(staff.ensure_account, "busy") for _ in range(8)))
    assert len(set(ids)) == 1


async def test_an_account_needs_a_sane_name(two: Two) -> None:
    for name in ("", "  ", "x" * 101):
        with pytest.raises(ConfigurationInvalid):
            await two.do(staff.ensure_account, name)


async def test_an_account_that_is_not_there_is_said(two: Two) -> None:
    with pytest.raises(NotFound, match="'acme'"):
        await two.do(staff.account_named, "acme")


async def test_users_are_listed_by_address_in_their_account_only(two: Two) -> None:
    for account, email in ((two.ours, "zoe@example.com"), (two.ours, " Ada@Example.com"), (two.theirs, "bo@else.org")):
        await two.user(account, email)
    listed = await two.do(staff.list_users, two.ours)
    assert [user.email for user in listed] == ["ada@example.com", "zoe@example.com"]
    assert listed[0].name == "Ada" and listed[0].roles == {Role.AGENT}


async def test_an_address_is_taken_once_in_an_account_whatever_its_case(two: Two) -> None:
    await two.user(two.ours, "ada@example.com")
    await two.user(two.theirs, "ada@example.com")
    with pytest.raises(ConfigurationInvalid, match=r"ada@example\.com"):
        await two.user(two.ours, "ADA@example.com")


async def test_what_is_no_address_is_refused(two: Two) -> None:
    for email in ("", "ada", "@x.y", "a b@x.y", "ada@x@y", "a@b\nc", "a" * 65 + "@x.y"):
        with pytest.raises(ConfigurationInvalid):
            await two.user(two.ours, email)


async def test_roles_are_replaced(two: Two) -> None:
    await two.user(two.ours)
    changed = await two.do(staff.set_roles, two.ours, "ada@example.com", [Role.ADMIN, Role.SUPERVISOR, Role.ADMIN])
    assert changed.roles == {Role.ADMIN, Role.SUPERVISOR}
    assert (await two.do(staff.list_users, two.ours))[0].roles == {Role.ADMIN, Role.SUPERVISOR}


async def test_a_user_without_any_role_is_refused(two: Two) -> None:
    with pytest.raises(ConfigurationInvalid, match="role"):
        await two.do(staff.add_user, two.ours, "bo@example.com", "Bo", [], NOW)
    await two.user(two.ours)
    with pytest.raises(ConfigurationInvalid, match="role"):
        await two.do(staff.set_roles, two.ours, "ada@example.com", [])


async def test_a_link_is_made_and_replaced(two: Two) -> None:
    user = await two.user(two.ours)
    await two.connection(two.ours, "shop")
    for helpdesk_user in ("7", "8"):
        await two.do(staff.link_user, two.ours, "ada@example.com", "shop", helpdesk_user)
    assert await two.do(staff.list_links, two.ours) == [staff.Link(user, "shop", "8")]
    assert await two.do(staff.list_links, two.theirs) == []


async def test_a_helpdesk_user_is_one_person_only(two: Two) -> None:
    await two.user(two.ours, "ada@example.com")
    await two.user(two.ours, "bo@example.com")
    await two.connection(two.ours, "shop")
    await two.do(staff.link_user, two.ours, "ada@example.com", "shop", "7")
    with pytest.raises(ConfigurationInvalid, match="'7'"):
        await two.do(staff.link_user, two.ours, "bo@example.com", "shop", "7")


async def test_nothing_is_linked_over_the_edge_of_an_account(two: Two) -> None:
    await two.user(two.ours)
    await two.connection(two.theirs, "desk")
    with pytest.raises(NotFound, match="'desk'"):
        await two.do(staff.link_user, two.ours, "ada@example.com", "desk", "7")
    with pytest.raises(NotFound, match=r"'ada@example\.com'"):
        await two.do(staff.link_user, two.theirs, "ada@example.com", "desk", "7")
    with pytest.raises(NotFound):
        await two.do(staff.set_roles, two.theirs, "ada@example.com", [Role.ADMIN])


async def _token(two: Two, account: str, name: str = "report") -> staff.ApiToken:
    scopes = ["offers:read", "cases:read"]
    return await two.do(staff.create_token, account, name, scopes, NOW, NOW + timedelta(days=90))


async def test_a_token_is_kept_as_made_and_lives_until_its_end(two: Two) -> None:
    made = await _token(two, two.ours)
    assert await two.do(staff.live_token, two.ours, made.id, NOW) == made
    assert made.scopes == {"cases:read", "offers:read"}
    last = made.expires_at - timedelta(microseconds=1)
    assert await two.do(staff.live_token, two.ours, made.id, last) is not None
    assert await two.do(staff.live_token, two.ours, made.id, made.expires_at) is None


async def test_a_revoked_token_is_over_at_once_and_keeps_its_first_end(two: Two) -> None:
    made = await _token(two, two.ours)
    later = NOW + timedelta(hours=1)
    await two.do(staff.revoke_token, two.ours, made.id, NOW)
    again = await two.do(staff.revoke_token, two.ours, made.id, later)
    assert again.revoked_at == NOW
    assert await two.do(staff.live_token, two.ours, made.id, later) is None
    assert [one.revoked_at for one in await two.do(staff.list_tokens, two.ours)] == [NOW]


async def test_a_token_of_another_account_is_not_there(two: Two) -> None:
    made = await _token(two, two.theirs)
    assert await two.do(staff.live_token, two.ours, made.id, NOW) is None
    assert await two.do(staff.list_tokens, two.ours) == []
    with pytest.raises(NotFound):
        await two.do(staff.revoke_token, two.ours, made.id, NOW)
    assert await two.do(staff.live_token, two.theirs, made.id, NOW) == made


async def test_a_token_needs_a_name_and_a_scope(two: Two) -> None:
    for name, scopes in (("", ["cases:read"]), ("report", [])):
        with pytest.raises(ConfigurationInvalid):
            await two.do(staff.create_token, two.ours, name, scopes, NOW, NOW + timedelta(days=1))


async def test_the_newest_token_is_listed_first(two: Two) -> None:
    for day, name in enumerate(("first", "second", "third")):
        made_at = NOW + timedelta(days=day)
        await two.do(staff.create_token, two.ours, name, ["cases:read"], made_at, made_at + timedelta(days=9))
    assert [one.name for one in await two.do(staff.list_tokens, two.ours)] == ["third", "second", "first"]
