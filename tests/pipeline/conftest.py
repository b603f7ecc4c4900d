"""Nouns for the stages of the line, without a database or a helpdesk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from helpdesk_recovery.domain.assessment import Assessment, Coded, Graded, Language, Sentiment
from helpdesk_recovery.domain.connection import Connection, Mode
from helpdesk_recovery.domain.effect import Effect, EffectKind, EffectState
from helpdesk_recovery.domain.note import Note
from helpdesk_recovery.domain.ticket import Author, EventKind, Message, Requester, Ticket, TicketEvent

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def note() -> Note:
    return Note("what to do\nRef HR-7F3K2M4Q", "<p>what to do</p><p>Ref HR-7F3K2M4Q</p>", "HR-7F3K2M4Q")


@pytest.fixture
def connection() -> Connection:
    return Connection("conn_1", "acct", "memory", "shop", None, mode=Mode.LIVE, secrets=("s",))


@pytest.fixture
def ticket() -> Callable[..., Ticket]:
    """Make a ticket from what the customer wrote."""

    def make(*texts: str, id: str = "7", **more: Any) -> Ticket:
        messages = tuple(
            Message(f"m{number}", Author.REQUESTER, text, NOW + timedelta(minutes=number))
            for number, text in enumerate(texts)
        )
        return Ticket(id, "Kettle", messages, NOW, Requester(name="Dana Reed"), **more)

    return make


@pytest.fixture
def event() -> Callable[..., TicketEvent]:
    """Make something that happened."""

    def make(kind: EventKind = EventKind.REPLIED, author: Author = Author.REQUESTER, **more: Any) -> TicketEvent:
        at = more.pop("at", NOW)
        return TicketEvent(kind, "7", f"key-{kind}-{author}-{at}", at, author, **more)

    return make


@pytest.fixture
def assessment() -> Callable[..., Assessment]:
    """Make an assessment with this probability of a complaint."""

    def make(complaint: float = 0.9, *, scored: bool = True) -> Assessment:
        return Assessment(
            language=Language("en", 1.0), scored=scored, reason=None if scored else "no such language",
            calibrated=False, sentiment=Sentiment("neutral", 0.0, 0.1, 0.8, 0.1), complaint=complaint,
            harm=Graded(1, 0.2), tone=Graded(0, 0.0), category=Coded("other", 0.5), loss_type="none",
            attribution=Coded("unclear", 0.5), requested_remedy="none", named_amount=None, signals=(), evidence=(),
            model="test",
        )  # fmt: skip

    return make


@pytest.fixture
def effect(note: Note) -> Effect:
    return Effect(
        id="eff_1", case_id="case_1", connection="conn_1", ticket_id="7", kind=EffectKind.NOTE, key=note.reference,
        text=note.text, html=note.html, state=EffectState.SENDING, tries=1, created_at=NOW, due_at=NOW,
    )  # fmt: skip
