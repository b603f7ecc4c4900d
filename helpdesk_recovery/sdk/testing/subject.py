"""What a subclass of the contract fills in, and what follows from it."""

from __future__ import annotations

import dataclasses
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from helpdesk_recovery.domain.connection import Connection, Mode
from helpdesk_recovery.domain.delivery import Delivery, Ignored
from helpdesk_recovery.domain.ticket import Author, EventKind, TicketEvent
from helpdesk_recovery.pipeline.ports import Helpdesk
from helpdesk_recovery.pipeline.receive import wants_work
from helpdesk_recovery.sdk.testing.fake_server import FakeHelpdesk
from helpdesk_recovery.sdk.testing.recorded import Recorded, recorded_deliveries


class HelpdeskSubject(ABC):
    """The helpdesk under test. Fill in the first three attributes and :meth:`sign`; the rest when it applies."""

    helpdesk: Helpdesk
    folder: Path
    """The helpdesk's folder: README.md, quality.toml, and fixtures/ with the recorded deliveries."""
    secret: str
    """A webhook secret that is fit for use."""
    now: datetime = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
    """The time of the test, in UTC; fixtures are signed anew at this time."""
    options: Mapping[str, str] = {}
    bot_options: frozenset[str] = frozenset()
    """The options that name our own user in the helpdesk; without them only the marker can tell our writing."""
    token: str | None = "a-token-for-the-contract-tests"  # noqa: S105
    signs_body: bool = True
    """False where the helpdesk cannot sign and only shows a shared secret."""
    signs_time: bool = True
    """False where the signature covers no timestamp."""
    can_be_asked: bool = True
    """False where the desk cannot be asked for tickets, because the event carries all there is."""

    @abstractmethod
    def sign(self, headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> Mapping[str, str]:
        """Return *headers* with the helpdesk's own authentication headers made anew."""

    def fake(self) -> FakeHelpdesk | None:
        """Return a fresh fake helpdesk for the tests over HTTP, or None to skip them."""
        return None

    def disguise(self, body: bytes) -> bytes:
        """Return *body* with another author than our own user, where the payload itself says who is a bot."""
        return body

    def connection(self, url: str | None = "http://127.0.0.1:9") -> Connection:
        """Return the connection under test, live."""
        name = self.helpdesk.info.name
        return Connection(
            f"c-{name}", "a-1", name, "shop", url, Mode.LIVE,
            options=dict(self.options), token=self.token, secrets=(self.secret,),
        )  # fmt: skip

    def connection_without_bot(self) -> Connection:
        """Return the connection as it is before anybody told us which user we are."""
        options = {key: value for key, value in self.options.items() if key not in self.bot_options}
        return dataclasses.replace(self.connection(), options=options)

    def recorded(self) -> list[Recorded]:
        """Return the helpdesk's fixtures."""
        return recorded_deliveries(self.folder / "fixtures")

    def signed(
        self,
        body: bytes,
        headers: Mapping[str, str],
        *,
        secret: str | None = None,
        at: datetime | None = None,
    ) -> Delivery:
        """Return a delivery of *body*, signed *at* (now) with *secret* (the right one)."""
        made = self.sign(headers, body, self.secret if secret is None else secret, at or self.now)
        pairs = tuple((name.lower(), value) for name, value in made.items())
        return Delivery("shop", pairs, body, self.now)

    def delivery(self, recorded: Recorded) -> Delivery:
        """Return *recorded*, signed now."""
        return self.signed(recorded.body, dict(recorded.headers))

    def read(self, recorded: Recorded) -> TicketEvent | Ignored:
        """Read *recorded* on the connection under test."""
        return self.helpdesk.read(self.delivery(recorded), self.connection())

    def read_body(self, recorded: Recorded, body: bytes) -> TicketEvent | Ignored:
        """Read *body* sent under the headers of *recorded*."""
        pairs = tuple(dict(recorded.headers).items())
        return self.helpdesk.read(Delivery("shop", pairs, body, self.now), self.connection())

    def auth_headers(self) -> Sequence[str]:
        """Return the headers that authenticate: those the signer makes out of nothing."""
        return sorted(name.lower() for name in self.sign({}, b"{}", self.secret, self.now))

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run a test that takes ``recorded`` once for each fixture."""
        if "recorded" in metafunc.fixturenames:
            found = self.recorded()
            metafunc.parametrize("recorded", found, ids=[one.name for one in found])


def document(recorded: Recorded) -> Any:
    """Return the body as JSON values, or skip the test where it is no JSON."""
    try:
        return json.loads(recorded.body)
    except ValueError:
        pytest.skip("the body is not JSON")


def starts_a_case(result: TicketEvent | Ignored) -> bool:
    """Tell whether *result* may start or advance a case."""
    return isinstance(result, TicketEvent) and wants_work(result)


def assert_sound(result: TicketEvent | Ignored) -> None:
    """Whatever came in, what went out can be stored and acted on."""
    if isinstance(result, Ignored):
        assert result.code, "an ignored delivery has a code to count"
        return
    assert result.ticket_id and isinstance(result.ticket_id, str), "an event names its ticket"
    assert result.key and isinstance(result.key, str), "an event has a key"
    assert result.occurred_at.tzinfo is not None, "times have a time zone"
    result.occurred_at.astimezone(UTC)
    if result.kind is EventKind.REPLIED:
        assert result.author is Author.REQUESTER, "ticket.replied is the requester; agents are ticket.agent_replied"
