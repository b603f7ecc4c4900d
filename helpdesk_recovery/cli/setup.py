"""Say what must exist in a helpdesk so that it calls us and we may write."""

from __future__ import annotations

from dataclasses import replace

from helpdesk_recovery.cli.say import say
from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.pipeline.ports import Helpdesk

HIDDEN = "SECRET"
"""Stands where a secret would."""


def without_secrets(connection: Connection) -> Connection:
    """Return *connection* as it may be shown."""
    return replace(connection, secrets=(HIDDEN,) * len(connection.secrets), token=connection.token and HIDDEN)


def say_setup(helpdesk: Helpdesk, connection: Connection, public_url: str) -> None:
    """Print the webhook URL, what is created, rights, seat, steps and options; secrets as *connection* has them."""
    webhook = helpdesk.webhook_url(public_url, connection)
    setup = helpdesk.setup(connection, webhook)
    say(f"Webhook URL: {webhook}")
    for title, lines in (("Creates", setup.creates), ("Needs the right to", setup.scopes)):
        for line in lines:
            say(f"{title}: {line}")
    if setup.seat:
        say(f"Agent seat: {setup.seat}")
    for step in setup.steps:
        say(f"Do this: {step}")
    for key, meaning in setup.options.items():
        say(f"Option {key}: {meaning}")
