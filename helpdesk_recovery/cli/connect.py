"""``connect``: store a connection, check the helpdesk, say what must be set up there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlsplit

import typer

from helpdesk_recovery.bootstrap import Services
from helpdesk_recovery.cli.env import from_environment
from helpdesk_recovery.cli.options import POLL_SECONDS, read_options
from helpdesk_recovery.cli.run import with_services
from helpdesk_recovery.cli.say import say
from helpdesk_recovery.cli.setup import HIDDEN, say_setup
from helpdesk_recovery.cli.store import add_connection, change_connection
from helpdesk_recovery.domain import secret as secrets
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.errors import ConfigurationInvalid
from helpdesk_recovery.pipeline.ports import Helpdesk
from helpdesk_recovery.storage.ids import new_id
from helpdesk_recovery.worker.packs import Packs


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed."""

    helpdesk: str
    name: str
    url: str = ""
    token_env: str = ""
    secret_env: str = ""
    no_remote: bool = False
    dry_run: bool = False
    update: bool = False
    poll: bool = False
    language: str = "en"
    timezone: str = ""
    currency: str = "EUR"
    policy: tuple[str, ...] = ("starter",)
    option: tuple[str, ...] = ()


def connect(  # noqa: PLR0913, PLR0917 - one parameter an option
    helpdesk: Annotated[str, typer.Argument(help="Which kind: see `helpdesk-recovery doctor` for those installed.")],
    name: Annotated[str, typer.Option(help="What to call this connection; it stands in the webhook URL.")],
    url: Annotated[str, typer.Option(help="Where the helpdesk is.")] = "",
    token_env: Annotated[
        str, typer.Option(help="Environment variable with the helpdesk's API token; or VARIABLE_FILE names a file.")
    ] = "",
    secret_env: Annotated[
        str, typer.Option(help="Environment variable with the webhook secret; one is made when left out.")
    ] = "",
    no_remote: Annotated[bool, typer.Option("--no-remote", help="Only store it; touch no helpdesk.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be set up, and do nothing.")] = False,
    update: Annotated[
        bool,
        typer.Option("--update", help="Change the connection of this name; its cases, mode and secret stay."),
    ] = False,
    poll: Annotated[bool, typer.Option("--poll", help="Look for events ourselves; no public URL needed.")] = False,
    language: Annotated[str, typer.Option(help="Language of the staff, for notes: en sv da lt cs.")] = "en",
    timezone: Annotated[
        str, typer.Option(help="Time zone of the staff, such as Europe/Stockholm; UTC when left out.")
    ] = "",
    currency: Annotated[str, typer.Option(help="Currency that goodwill is given in.")] = "EUR",
    policy: Annotated[list[str] | None, typer.Option(help="Policy pack, in order of precedence.")] = None,
    option: Annotated[list[str] | None, typer.Option(help="KEY=VALUE for this helpdesk; see its README.")] = None,
) -> None:
    """Connect a helpdesk. It starts in shadow: nothing is written until `connection live`."""
    wanted = Wanted(
        helpdesk, name, url, token_env, secret_env, no_remote, dry_run, update, poll,
        language, timezone, currency.upper(), tuple(policy or ("starter",)), tuple(option or ()),
    )  # fmt: skip
    with_services(lambda services: carry_out(services, wanted), needs_tables=not dry_run)


async def carry_out(services: Services, wanted: Wanted) -> None:
    """Connect as *wanted*; on a dry run only say what would be done."""
    helpdesk = services.plugins.helpdesk(wanted.helpdesk)
    connection = make_connection(wanted, helpdesk)
    if wanted.dry_run:
        say_setup(helpdesk, replace(connection, secrets=(HIDDEN,)), services.settings.public_url)
        say("Nothing was stored or changed.")
        return
    if not wanted.no_remote:
        await check_remote(helpdesk, connection)
    if wanted.update:
        connection = await change_connection(services, connection, keep_secrets=not wanted.secret_env)
        say(f"{wanted.name} is changed and stays in {connection.mode}.")
        return
    await add_connection(services, connection)
    _say_connected(services, wanted, helpdesk, connection)


def _say_connected(services: Services, wanted: Wanted, helpdesk: Helpdesk, connection: Connection) -> None:
    say(f"Connected {wanted.name} ({helpdesk.info.title}), in shadow.")
    if not wanted.secret_env:
        say(f"Webhook secret, shown only now: {connection.secrets[0]}")
    say_setup(helpdesk, connection, services.settings.public_url)
    if helpdesk.info.capabilities.poll:
        say(f"Look first: helpdesk-recovery preview {wanted.name} --last 20")
    say(f"Then write: helpdesk-recovery connection live {wanted.name}")


def make_connection(wanted: Wanted, helpdesk: Helpdesk) -> Connection:
    """Make the connection from what was typed; raise ConfigurationInvalid naming what is wrong."""
    _check_words(wanted)
    if helpdesk.info.needs_url and not wanted.url:
        raise ConfigurationInvalid(f"--url is missing: where is your {helpdesk.info.title}?")
    options = read_options(wanted.option, wanted.timezone)
    connection = Connection(
        id=new_id("conn"),
        account="",
        helpdesk=wanted.helpdesk,
        name=wanted.name,
        url=_url(wanted.url),
        staff_language=wanted.language,
        currency=wanted.currency,
        policies=wanted.policy,
        poll_seconds=_poll_seconds(wanted, helpdesk, options),
        options=options,
        token=_token(wanted, helpdesk),
        secrets=(_secret(wanted),),
    )
    Packs().of(connection)  # raises PolicyInvalid for a pack that is not there or wrong
    return connection


def _check_words(wanted: Wanted) -> None:
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", wanted.name):
        raise ConfigurationInvalid("--name takes small letters, digits and hyphens: it stands in a URL.")
    from babel.numbers import is_currency

    from helpdesk_recovery.wording.catalogue import LANGUAGES

    if wanted.language not in LANGUAGES:
        raise ConfigurationInvalid(f"--language must be one of {' '.join(LANGUAGES)}.")
    if not is_currency(wanted.currency, "en"):
        raise ConfigurationInvalid(f"--currency takes a three-letter code such as EUR, not {wanted.currency!r}.")


async def check_remote(helpdesk: Helpdesk, connection: Connection) -> None:
    """Ask the helpdesk itself; refuse to go on when something is wrong, saying what to do."""
    desk = helpdesk.open(connection)
    try:
        checks = await desk.check()
    finally:
        await desk.close()
    for check in checks:
        say(f"{'ok' if check.ok else 'NO'}  {check.title} {check.advice}".rstrip())
    if not all(check.ok for check in checks):
        raise ConfigurationInvalid("Not connected. Put the lines marked NO right, then run connect again.")


def _url(url: str) -> str | None:
    if not url:
        return None
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or re.search(r"\s", url):
        raise ConfigurationInvalid("--url must begin with http:// or https:// and name a host.")
    if parts.username is not None or parts.query or parts.fragment:
        raise ConfigurationInvalid("--url takes no user, password, ? or #: secrets belong into --token-env.")
    return url.rstrip("/")


def _poll_seconds(wanted: Wanted, helpdesk: Helpdesk, options: Mapping[str, str]) -> int | None:
    """Return how often to look for missed events: the option says it exactly, ``--poll`` soon, else the helpdesk."""
    if not helpdesk.info.capabilities.poll:
        if wanted.poll or POLL_SECONDS in options:
            raise ConfigurationInvalid(f"{helpdesk.info.title} cannot be polled: use its webhook.")
        return None
    if POLL_SECONDS in options:
        return int(options[POLL_SECONDS])
    return min(helpdesk.info.poll_seconds or 60, 15) if wanted.poll else helpdesk.info.poll_seconds


def _token(wanted: Wanted, helpdesk: Helpdesk) -> str | None:
    token = from_environment(wanted.token_env)
    if helpdesk.info.needs_token and not token and not wanted.dry_run:
        named = f"The variable {wanted.token_env} is empty" if wanted.token_env else "--token-env is missing"
        raise ConfigurationInvalid(f"{named}: put the API token into the environment. {helpdesk.info.token_help}")
    return token or None


def _secret(wanted: Wanted) -> str:
    return read_secret(wanted.secret_env) if wanted.secret_env else secrets.generate()


def read_secret(variable: str) -> str:
    """Return the webhook secret that *variable* holds; raise ConfigurationInvalid when it is unfit for use."""
    secret = from_environment(variable)
    if why := secrets.weakness(secret):
        raise ConfigurationInvalid(f"The secret in {variable} must not be used: {why}. {_MAKE_ONE}")
    return secret


_MAKE_ONE = "Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(24))'"
