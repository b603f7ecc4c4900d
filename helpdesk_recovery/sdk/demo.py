"""What a helpdesk folder offers so that ``helpdesk-recovery demo`` can start it for real."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample ticket to file; ``expect`` says in a few words what should happen to it."""

    name: str
    email: str
    subject: str
    body: str
    expect: str


class DemoDesk(Protocol):
    """A real helpdesk running on loopback for a demonstration or a test."""

    base_url: str
    token: str
    options: Mapping[str, str]
    sign_in: str
    """What a person types to sign in, in words."""

    def file_ticket(self, sample: Sample) -> str:
        """File a ticket as its customer would; return its id."""
        ...

    def reply(self, ticket_id: str, sample: Sample) -> None:
        """Reply to a ticket as its customer would (``subject`` is not used)."""
        ...

    def ticket_page(self, ticket_id: str) -> str:
        """Return the URL of the ticket's page for an agent."""
        ...

    def stop(self) -> None:
        """Stop what was started, by its own process id."""
        ...


class Demo(Protocol):
    """Starts a real helpdesk with everything in *folder*; entry point group ``helpdesk_recovery.demos``."""

    helpdesk: str

    def missing(self) -> str | None:
        """Say what must be installed first and how, or None when all is there."""
        ...

    def start(self, folder: Path, webhook_url: str, secret: str, say: Callable[[str], None]) -> DemoDesk:
        """Start it on a free loopback port, calling *webhook_url* on every event; run twice, it continues."""
        ...
