"""``connect``: store a connection, check the helpdesk, say what must be set up there."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Annotated

import typer

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.cli.env import from_environment
from helpdesk_recovery.cli.run import with_services
from helpdesk_recovery.cli.say import console, fail
from helpdesk_recovery.cli.store import add_connection
from helpdesk_recovery.domain import secret as secrets
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.errors import ConfigurationInvalid
from helpdesk_recovery.pipeline.ports import Helpdesk
from helpdesk_recovery.storage.ids import new_id

_LANGUAGES = ("en", "sv", "da", "lt", "cs")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed."""

    helpdesk: str
    name: str
    url: str
    token_env: str
    secret_env: str
    no_remote: bool
    dry_run: bool
    poll: bool
    language: str
    currency: str
    policy: tuple[str, ...]
    option: tuple[str, ...]


def connect(  # noqa: PLR0913, PLR0917 - one parameter an option
    helpdesk: Annotated[str, typer.Argument(help="Which kind: see `helpdesk-recovery doctor` for those installed.")],
    name: Annotated[str, typer.Option(help="What to call this connection; it stands in the webhook URL.")],
    url: Annotated[str, typer.Option(help="Where the helpdesk is.")] = "",
    token_env: Annotated[str, typer.Option(help="Environment variable with the helpdesk's API token.")] = "",
    secret_env: Annotated[str, typer.Option(help="Environment variable with the webhook secret.")] = "",
    no_remote: Annotated[bool, typer.Option("--no-remote", help="Only store it; touch no helpdesk.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be set up, and do nothing.")] = False,
    poll: Annotated[bool, typer.Option("--poll", help="Look for events ourselves; no public URL needed.")] = False,
    language: Annotated[str, typer.Option(help="Language of the staff, for notes: en sv da lt cs.")] = "en",
    currency: Annotated[str, typer.Option(help="Currency that goodwill is given in.")] = "EUR",
    policy: Annotated[list[str] | None, typer.Option(help="Policy pack, in order of precedence.")] = None,
    option: Annotated[list[str] | None, typer.Option(help="KEY=VALUE for this helpdesk; see its README.")] = None,
) -> None:
    """Connect a helpdesk. It starts in shadow: nothing is written until `connection live`."""
    wanted = Wanted(
        helpdesk,
        name,
        url,
        token_env,
        secret_env,
        no_remote,
        dry_run,
        poll,
        language,
        currency.upper(),
        tuple(policy or ("starter",)),
        tuple(option or ()),
    )
    with_services(lambda services: _connect(services, wanted), needs_tables=not dry_run)


async def _connect(services: Services, wanted: Wanted) -> None:
    helpdesk = services.plugins.helpdesk(wanted.helpdesk)
    connection = make_connection(wanted, helpdesk)
    webhook = helpdesk.webhook_url(services.settings.public_url, connection)
    if wanted.dry_run:
        _say_setup(helpdesk, replace(connection, secrets=("<secret>",)), services.settings.public_url)
        return
    if not wanted.no_remote:
        await check_remote(helpdesk, connection)
    await add_connection(services, connection)
    console.print(f"Connected {wanted.name} ({helpdesk.info.title}), in shadow.")
    console.print(f"Webhook URL: {webhook}", markup=False)
    if not wanted.secret_env:
        console.print(f"Webhook secret: {connection.secrets[0]}", markup=False)
    _say_setup(helpdesk, connection, services.settings.public_url)
    console.print(f"Look first: helpdesk-recovery preview {wanted.name} --last 20")
    console.print(f"Then write: helpdesk-recovery connection live {wanted.name}")


def make_connection(wanted: Wanted, helpdesk: Helpdesk) -> Connection:
    """Make the connection from what was typed; raise ConfigurationInvalid naming what is wrong."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", wanted.name):
        raise ConfigurationInvalid("--name takes small letters, digits and hyphens: it stands in a URL.")
    if wanted.language not in _LANGUAGES:
        raise ConfigurationInvalid(f"--language must be one of {' '.join(_LANGUAGES)}.")
    if not re.fullmatch(r"[A-Z]{3}", wanted.currency):
        raise ConfigurationInvalid("--currency takes a three-letter code such as EUR.")
    if helpdesk.info.needs_url and not wanted.url:
        raise ConfigurationInvalid(f"--url is missing: where is your {helpdesk.info.title}?")
    return Connection(
        id=new_id("conn"),
        account="",
        helpdesk=wanted.helpdesk,
        name=wanted.name,
        url=_url(wanted.url),
        staff_language=wanted.language,
        currency=wanted.currency,
        policies=wanted.policy,
        poll_seconds=_poll_seconds(wanted, helpdesk),
        options=_options(wanted.option),
        token=_token(wanted, helpdesk),
        secrets=(_secret(wanted),),
    )


async def check_remote(helpdesk: Helpdesk, connection: Connection) -> None:
    """Ask the helpdesk itself; refuse to go on when something is wrong, saying what to do."""
    desk = helpdesk.open(connection)
    try:
        checks = await desk.check()
    finally:
        await desk.close()
    for check in checks:
        console.print(f"{'ok  ' if check.ok else 'NO  '}{check.title} {check.advice}", markup=False)
    if not all(check.ok for check in checks):
        raise ConfigurationInvalid("Not connected. Put the lines marked NO right, then run connect again.")


def _say_setup(helpdesk: Helpdesk, connection: Connection, public_url: str) -> None:
    setup = helpdesk.setup(connection, helpdesk.webhook_url(public_url, connection))
    for title, lines in (("Creates", setup.creates), ("Needs the right to", setup.scopes), ("Do this", setup.steps)):
        for line in lines:
            console.print(f"{title}: {line}", markup=False)
    if setup.seat:
        console.print(f"Agent seat: {setup.seat}", markup=False)


def _url(url: str) -> str | None:
    if url and not re.match(r"https?://[^/]+", url):
        raise ConfigurationInvalid("--url must begin with http:// or https://.")
    return url.rstrip("/") or None


def _poll_seconds(wanted: Wanted, helpdesk: Helpdesk) -> int | None:
    if not helpdesk.info.capabilities.poll:
        if wanted.poll:
            raise ConfigurationInvalid(f"{helpdesk.info.title} cannot be polled: use its webhook.")
        return None
    return min(helpdesk.info.poll_seconds or 60, 15) if wanted.poll else helpdesk.info.poll_seconds


def _options(given: tuple[str, ...]) -> dict[str, str]:
    for one in given:
        if "=" not in one:
            raise ConfigurationInvalid(f"--option takes KEY=VALUE, not {one!r}.")
    return dict(one.split("=", 1) for one in given)


def _token(wanted: Wanted, helpdesk: Helpdesk) -> str | None:
    token = from_environment(wanted.token_env)
    if helpdesk.info.needs_token and not token:
        named = f"The variable {wanted.token_env} is empty" if wanted.token_env else "--token-env is missing"
        raise ConfigurationInvalid(f"{named}: put the API token into the environment. {helpdesk.info.token_help}")
    return token or None


def _secret(wanted: Wanted) -> str:
    if not wanted.secret_env:
        return secrets.generate()
    secret = from_environment(wanted.secret_env)
    if why := secrets.weakness(secret):
        fail(f"The secret in {wanted.secret_env} must not be used: {why}.")
    return secret
