"""Building tickets for the tests of the assessment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk_recovery.domain.ticket import Author, Message, Requester, Ticket

START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def ticket_of() -> Callable[..., Ticket]:
    """Return a function that makes a ticket of the customer's messages, oldest first."""

    def build(*texts: str | Message, subject: str = "", locale: str | None = "en", html: bool = False) -> Ticket:
        messages = tuple(
            text
            if isinstance(text, Message)
            else Message(str(n), Author.REQUESTER, text, START + timedelta(hours=n), html=html)
            for n, text in enumerate(texts)
        )
        return Ticket("7", subject, messages, START, requester=Requester(locale=locale))

    return build
