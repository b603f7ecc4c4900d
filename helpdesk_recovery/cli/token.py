"""``token``: API tokens for programs that read ``/api/v1``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import typer

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.cli.run import with_services
from helpdesk_recovery.cli.say import console, table
from helpdesk_recovery.storage import staff
from helpdesk_recovery.tokens.door import Door
from helpdesk_recovery.tokens.kind import API, Scope

app = typer.Typer(help="API tokens.", no_args_is_help=True)
Account = Annotated[str, typer.Option(help="The account that it reads.")]


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    scope: Annotated[list[Scope], typer.Option(help="What it may read; may be given more than once.")],
    days: Annotated[int, typer.Option(min=1, max=API.max_life.days, help="How long it lives.")] = 90,
    account: Account = "default",
) -> None:
    """Make a token. It is printed once and kept nowhere: store it where the program finds it."""
    token = with_services(lambda services: make_token(services, account, name, scope, timedelta(days=days)))
    typer.echo(token)


@app.command("list")
def list_(account: Account = "default") -> None:
    """List the tokens, those that are over too. Their texts are not kept."""
    with_services(lambda services: _list(services, account))


@app.command()
def revoke(
    token_id: Annotated[str, typer.Argument(help="The token's id, as `token list` shows it.", metavar="ID")],
    account: Account = "default",
) -> None:
    """End a token at once."""
    with_services(lambda services: _revoke(services, account, token_id))


async def make_token(services: Services, account: str, name: str, scopes: list[Scope], life: timedelta) -> str:
    """Store a new token of an account that exists, and return its text, which cannot be had again."""
    now = services.clock().replace(microsecond=0)
    kept = await services.database.write(
        lambda sql: staff.create_token(sql, staff.account_named(sql, account), name, scopes, now, now + life)
    )
    door = Door(services.settings.secret_key.get_secret_value(), API)
    return door.sign(kept.account, kept.id, now, life)


async def _list(services: Services, account: str) -> None:
    now = services.clock()
    tokens = await services.database.read(lambda sql: staff.list_tokens(sql, staff.account_named(sql, account)))
    rows = [(one.id, one.name, "\n".join(sorted(one.scopes)), _end(one, now)) for one in tokens]
    table(f"API tokens of {account}", ("id", "name", "scopes", "ends"), rows)


async def _revoke(services: Services, account: str, token_id: str) -> None:
    now = services.clock()
    token = await services.database.write(
        lambda sql: staff.revoke_token(sql, staff.account_named(sql, account), token_id, now)
    )
    console.print(f"{token.name} is revoked: it opens nothing any more.", markup=False)


def _end(token: staff.ApiToken, now: datetime) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return f"{token.expires_at:%Y-%m-%d}" if token.is_live(now) else "expired"
