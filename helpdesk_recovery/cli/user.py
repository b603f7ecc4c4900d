"""``user``: who works here, what they may do, and who they are in the helpdesks."""

from __future__ import annotations

from typing import Annotated

import typer

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.cli.run import with_services
from helpdesk_recovery.cli.say import console, table
from helpdesk_recovery.domain.staff import Role
from helpdesk_recovery.errors import ConfigurationInvalid
from helpdesk_recovery.storage import staff

app = typer.Typer(help="Members of staff and their roles.", no_args_is_help=True)
Email = Annotated[str, typer.Argument(help="The user's e-mail address.")]
Account = Annotated[str, typer.Option(help="The account they belong to.")]


@app.command()
def add(
    email: Email,
    name: Annotated[str, typer.Option(help="The name as colleagues know it.")] = "",
    role: Annotated[list[Role] | None, typer.Option(help="May be given more than once; agent when left out.")] = None,
    account: Account = "default",
) -> None:
    """Add a member of staff; the account is made if there is none."""
    roles = frozenset(role or [Role.AGENT])
    with_services(lambda services: _add(services, account, email, name, roles))


@app.command("list")
def list_(account: Account = "default") -> None:
    """List the users with their roles and who they are in the helpdesks."""
    with_services(lambda services: _list(services, account))


@app.command()
def roles(
    email: Email,
    roles: Annotated[str, typer.Argument(help="The roles from now on, such as agent,supervisor.")],
    account: Account = "default",
) -> None:
    """Give a user these roles and no others."""
    with_services(lambda services: _set_roles(services, account, email, roles))


@app.command()
def link(
    email: Email,
    connection: Annotated[str, typer.Argument(help="The connection's name.")],
    helpdesk_user: Annotated[str, typer.Argument(help="The user's id in that helpdesk.")],
    account: Account = "default",
) -> None:
    """Say who a user is in a connected helpdesk."""
    with_services(lambda services: _link(services, account, email, connection, helpdesk_user))


async def _add(services: Services, account: str, email: str, name: str, roles: frozenset[Role]) -> None:
    now = services.clock()
    user = await services.database.write(
        lambda sql: staff.add_user(sql, staff.ensure_account(sql, account), email, name, roles, now)
    )
    console.print(f"Added {user.email} to the account {account} as {_words(user.roles)}.", markup=False)


async def _list(services: Services, account: str) -> None:
    users = await services.database.read(lambda sql: staff.list_users(sql, staff.account_named(sql, account)))
    links = await services.database.read(lambda sql: staff.list_links(sql, staff.account_named(sql, account)))
    rows = [
        (user.email, user.name, _words(user.roles), " ".join(_who(one) for one in links if one.user == user.id))
        for user in users
    ]
    table(f"Users of {account}", ("e-mail", "name", "roles", "in the helpdesks"), rows)


async def _set_roles(services: Services, account: str, email: str, typed: str) -> None:
    roles = read_roles(typed)
    user = await services.database.write(
        lambda sql: staff.set_roles(sql, staff.account_named(sql, account), email, roles)
    )
    console.print(f"{user.email} is now {_words(user.roles)}.", markup=False)


async def _link(services: Services, account: str, email: str, connection: str, helpdesk_user: str) -> None:
    await services.database.write(
        lambda sql: staff.link_user(sql, staff.account_named(sql, account), email, connection, helpdesk_user)
    )
    console.print(f"{email} is user {helpdesk_user} of {connection}.", markup=False)


def read_roles(typed: str) -> frozenset[Role]:
    """Read roles with commas between; raise ConfigurationInvalid naming the one that is none."""
    names = [name.strip() for name in typed.split(",") if name.strip()]
    for name in names:
        if name not in frozenset(Role):
            raise ConfigurationInvalid(f"{name!r} is no role. Roles: {', '.join(Role)}.")
    return frozenset(map(Role, names))


def _words(roles: frozenset[Role]) -> str:
    return ", ".join(role for role in Role if role in roles)


def _who(link: staff.Link) -> str:
    return f"{link.connection}:{link.helpdesk_user}"
