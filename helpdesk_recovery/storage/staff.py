"""Accounts, their people, and the programs that read them. Nothing here reaches over an account's edge."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from helpdesk_recovery.domain.staff import Role, User
from helpdesk_recovery.errors import ConfigurationInvalid, NotFound
from helpdesk_recovery.storage.account import connection_id
from helpdesk_recovery.storage.ids import new_id
from helpdesk_recovery.storage.tables import accounts, api_tokens, connections, user_links, users

_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")


@dataclass(frozen=True, slots=True)
class Link:
    """Who a user is in a helpdesk: *connection* is its name, *helpdesk_user* the id there."""

    user: str
    connection: str
    helpdesk_user: str


@dataclass(frozen=True, slots=True)
class ApiToken:
    """An API token as we keep it: never its text. ``id`` is its ``jti``; scopes are as stored."""

    id: str
    account: str
    name: str
    scopes: frozenset[str]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def is_live(self, now: datetime) -> bool:
        """Tell whether it may be used now."""
        return self.revoked_at is None and now < self.expires_at


def ensure_account(sql: Connection, name: str = "default") -> str:
    """Return the id of the account called *name*, which is made if need be, also when several ask at once."""
    if (known := _account_id(sql, name)) is not None:
        return known
    if not name.strip() or len(name) > 100:
        raise ConfigurationInvalid("An account's name has 1 to 100 characters.")
    made = new_id("acct")
    try:
        with sql.begin_nested():
            sql.execute(insert(accounts).values(id=made, name=name, created_at=datetime.now(UTC)))
    except IntegrityError:
        return account_named(sql, name)
    return made


def account_named(sql: Connection, name: str) -> str:
    """Return the id of the account called *name*; raise NotFound when there is none."""
    known = _account_id(sql, name)
    if known is None:
        raise NotFound(f"There is no account called {name!r}: `user add` and `connect` make one.")
    return known


def _account_id(sql: Connection, name: str) -> str | None:
    found: str | None = sql.execute(select(accounts.c.id).where(accounts.c.name == name)).scalar()
    return found


def add_user(sql: Connection, account: str, email: str, name: str, roles: Collection[Role], now: datetime) -> User:
    """Store a new member of staff; raise ConfigurationInvalid when the address is taken, or is none."""
    address = email.strip().lower()
    if not _EMAIL.fullmatch(address):
        raise ConfigurationInvalid(f"{email!r} is not an e-mail address.")
    user = User(new_id("user"), account, address, name.strip() or address, frozenset(roles))
    values = {"id": user.id, "account_id": account, "email": address, "name": user.name}
    try:
        with sql.begin_nested():
            sql.execute(insert(users).values(**values, roles=_sorted(_some(roles)), created_at=now))
    except IntegrityError:
        raise ConfigurationInvalid(f"{address} is a user already. Change the roles with: user roles") from None
    return user


def list_users(sql: Connection, account: str) -> list[User]:
    """Return the account's users, by e-mail address."""
    query = select(users).where(users.c.account_id == account).order_by(users.c.email)
    return [_user(row) for row in sql.execute(query).mappings()]


def set_roles(sql: Connection, account: str, email: str, roles: Collection[Role]) -> User:
    """Give a user these roles and no others; raise NotFound when there is no such user."""
    user = _by_email(sql, account, email)
    sql.execute(update(users).where(users.c.id == user.id).values(roles=_sorted(_some(roles))))
    return _by_email(sql, account, email)


def link_user(sql: Connection, account: str, email: str, connection: str, helpdesk_user: str) -> Link:
    """Say who a user is in the helpdesk of *connection* (its name); an earlier link there is replaced.

    Raises NotFound for a user or connection that this account has not, ConfigurationInvalid when somebody else
    is that helpdesk user.
    """
    user = _by_email(sql, account, email)
    key = {"user_id": user.id, "connection_id": connection_id(sql, account, connection)}
    same = (user_links.c.user_id == user.id) & (user_links.c.connection_id == key["connection_id"])
    try:
        with sql.begin_nested():
            changed = sql.execute(update(user_links).where(same).values(helpdesk_user=helpdesk_user))
            if not changed.rowcount:
                sql.execute(insert(user_links).values(**key, helpdesk_user=helpdesk_user))
    except IntegrityError:
        raise ConfigurationInvalid(f"Somebody else is user {helpdesk_user!r} of {connection!r} already.") from None
    return Link(user.id, connection, helpdesk_user)


def list_links(sql: Connection, account: str) -> list[Link]:
    """Return who the account's users are in its helpdesks."""
    query = (
        select(user_links.c.user_id, connections.c.name, user_links.c.helpdesk_user)
        .join(users, users.c.id == user_links.c.user_id)
        .join(connections, connections.c.id == user_links.c.connection_id)
        .where(users.c.account_id == account, connections.c.account_id == account)
        .order_by(connections.c.name, user_links.c.user_id)
    )
    return [Link(*row) for row in sql.execute(query)]


def create_token(
    sql: Connection, account: str, name: str, scopes: Collection[str], now: datetime, expires_at: datetime
) -> ApiToken:
    """Store a new API token: what it may and how long, not its text, which is made from this by signing."""
    if not name.strip() or not scopes:
        raise ConfigurationInvalid("An API token needs a name and at least one scope.")
    token = ApiToken(new_id("tok"), account, name.strip(), frozenset(scopes), now, expires_at)
    sql.execute(
        insert(api_tokens).values(
            id=token.id,
            account_id=account,
            name=token.name,
            scopes=_sorted(scopes),
            created_at=now,
            expires_at=expires_at,
        )
    )
    return token


def list_tokens(sql: Connection, account: str) -> list[ApiToken]:
    """Return the account's API tokens, newest first, those that are over too."""
    query = (
        select(api_tokens)
        .where(api_tokens.c.account_id == account)
        .order_by(api_tokens.c.created_at.desc(), api_tokens.c.id)
    )
    return [_token(row) for row in sql.execute(query).mappings()]


def revoke_token(sql: Connection, account: str, token_id: str, now: datetime) -> ApiToken:
    """End a token at once; revoking twice keeps the first time. Raise NotFound when the account has none such."""
    mine = (api_tokens.c.account_id == account) & (api_tokens.c.id == token_id)
    sql.execute(update(api_tokens).where(mine, api_tokens.c.revoked_at.is_(None)).values(revoked_at=now))
    row = sql.execute(select(api_tokens).where(mine)).mappings().first()
    if row is None:
        raise NotFound(f"There is no API token {token_id!r}. See: helpdesk-recovery token list")
    return _token(row)


def live_token(sql: Connection, account: str, token_id: str, now: datetime) -> ApiToken | None:
    """Return the account's token when it may be used now, else None."""
    mine = (api_tokens.c.account_id == account) & (api_tokens.c.id == token_id)
    row = sql.execute(select(api_tokens).where(mine)).mappings().first()
    token = _token(row) if row else None
    return token if token is not None and token.is_live(now) else None


def _by_email(sql: Connection, account: str, email: str) -> User:
    query = select(users).where(users.c.account_id == account, users.c.email == email.strip().lower())
    row = sql.execute(query).mappings().first()
    if row is None:
        raise NotFound(f"There is no user {email!r}. See: helpdesk-recovery user list")
    return _user(row)


def _some(roles: Collection[Role]) -> Collection[Role]:
    if not roles:
        raise ConfigurationInvalid(f"A user needs at least one role: {', '.join(Role)}.")
    return roles


def _sorted(values: Collection[str]) -> list[str]:
    return sorted({str(value) for value in values})


def _user(row: Any) -> User:
    return User(row["id"], row["account_id"], row["email"], row["name"], frozenset(map(Role, row["roles"])))


def _token(row: Any) -> ApiToken:
    return ApiToken(
        id=row["id"],
        account=row["account_id"],
        name=row["name"],
        scopes=frozenset(row["scopes"]),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        revoked_at=row["revoked_at"],
    )
