"""Who did what in Request Tracker, and what that means to us."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from helpdesk_recovery.sdk import Author, Connection, Delivery, EventKind, Ignored, TicketEvent, Unreadable
from helpdesk_recovery_webhooks.request_tracker import HELPDESK

CAPTURES = Path(__file__).resolve().parents[4] / "shared" / "captures"
CONNECTION = Connection("c-1", "a-1", "request_tracker", "rt", "http://127.0.0.1:9", token="1-33-x")


def hook(kind: str, creator: str, *, privileged: bool, **more: Any) -> dict[str, Any]:
    transaction = {
        "id": 48,
        "type": kind,
        "created": "2026-11-21T20:00:00Z",
        "creator": creator,
        "creator_email": creator if "@" in creator else f"{creator}@rt.test",
        "creator_privileged": privileged,
        **more,
    }
    return {"ticket": {"id": 7, "requestors": ["jane@example.com"]}, "transaction": transaction}


def read(payload: Any, connection: Connection = CONNECTION) -> TicketEvent | Ignored:
    return HELPDESK.read(Delivery("rt", (), json.dumps(payload).encode(), datetime.now(UTC)), connection)


@pytest.mark.parametrize(
    ("kind", "creator", "privileged", "expected", "author"),
    [
        ("Create", "jane@example.com", False, EventKind.CREATED, Author.REQUESTER),
        ("Create", "agent", True, EventKind.CREATED, Author.REQUESTER),
        ("Correspond", "jane@example.com", False, EventKind.REPLIED, Author.REQUESTER),
        ("Correspond", "JANE@example.com", True, EventKind.REPLIED, Author.REQUESTER),
        ("Correspond", "cc@example.com", False, EventKind.REPLIED, Author.REQUESTER),
        ("Correspond", "agent", True, EventKind.AGENT_REPLIED, Author.AGENT),
        ("Comment", "agent", True, EventKind.NOTED, Author.AGENT),
        ("Status", "agent", True, EventKind.STATUS_CHANGED, Author.AGENT),
    ],
)
def test_who_did_what(kind: str, creator: str, privileged: bool, expected: EventKind, author: Author) -> None:
    event = read(hook(kind, creator, privileged=privileged, new_value="open" if kind == "Status" else None))
    assert isinstance(event, TicketEvent)
    assert (event.kind, event.author, event.key, event.ticket_id) == (expected, author, "txn:48", "7")
    assert event.ticket is None, "the payload has no text: the ticket is fetched"
    assert event.value == ("open" if kind == "Status" else None)


def test_a_ticket_opened_for_a_customer_is_the_customers() -> None:
    event = read(hook("Create", "agent", privileged=True))
    assert isinstance(event, TicketEvent)
    assert event.author_id == "jane@example.com"


@pytest.mark.parametrize("kind", ["Create", "Correspond", "Comment", "Status"])
def test_our_own_user_is_ignored_whatever_it_does(kind: str) -> None:
    result = read(hook(kind, "RecoveryBot", privileged=True))
    assert isinstance(result, Ignored)
    assert result.code == "own"


def test_our_user_may_have_another_name() -> None:
    named = Connection("c-1", "a-1", "request_tracker", "rt", None, options={"bot_user": "helper"})
    ours = read(hook("Correspond", "helper", privileged=True), named)
    theirs = read(hook("Correspond", "recoverybot", privileged=True), named)
    assert isinstance(ours, Ignored)
    assert isinstance(theirs, TicketEvent)


@pytest.mark.parametrize("kind", ["Create", "Correspond", "Comment", "Status"])
def test_what_rt_does_by_itself_is_a_cascade(kind: str) -> None:
    result = read(hook(kind, "RT_System", privileged=False, new_value="open"))
    assert isinstance(result, Ignored)
    assert result.code == "cascade"


def test_our_reference_hides_staff_but_never_a_customer() -> None:
    marked = {"reference": "HR-7F3K2M4Q"}
    assert isinstance(read(hook("Comment", "agent", privileged=True, **marked)), Ignored)
    assert isinstance(read(hook("Correspond", "jane@example.com", privileged=False, **marked)), TicketEvent)
    assert isinstance(read(hook("Comment", "agent", privileged=True, reference="see HR")), TicketEvent)


def test_a_deleted_ticket_is_told_as_such() -> None:
    event = read(hook("Status", "agent", privileged=True, new_value="deleted"))
    assert isinstance(event, TicketEvent)
    assert event.kind is EventKind.DELETED


def test_other_transactions_are_left_alone() -> None:
    result = read(hook("SetWatcher", "agent", privileged=True))
    assert isinstance(result, Ignored)
    assert result.code == "unhandled"


def test_what_cannot_be_read_says_where() -> None:
    payload = hook("Create", "agent", privileged=True)
    payload["ticket"]["id"] = "seven"
    with pytest.raises(Unreadable, match=r"ticket\.id"):
        read(payload)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ticket_create", EventKind.CREATED),
        ("ticket_create_email", EventKind.CREATED),
        ("correspond_customer_email", EventKind.REPLIED),
        ("comment_by_bot", "own"),
        ("correspond_by_bot", "own"),
        ("status_cascade", "cascade"),
        ("status_cascade_after_customer_reply", "cascade"),
    ],
)
def test_reads_what_an_earlier_scrip_sent(name: str, expected: EventKind | str) -> None:
    """A company's own scrip may send more than ours, as these recorded ones did."""
    path = CAPTURES / f"rt5_{name}.json"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    body = json.loads(path.read_text("utf-8"))["body_raw"].encode()
    result = HELPDESK.read(Delivery("rt", (), body, datetime.now(UTC)), CONNECTION)
    assert (result.code if isinstance(result, Ignored) else result.kind) == expected
