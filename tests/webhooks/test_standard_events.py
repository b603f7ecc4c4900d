"""What is odd about home-made desks: their events."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from helpdesk_recovery.sdk import Author, Connection, Delivery, EventKind, Ignored, TicketEvent, Unreadable
from helpdesk_recovery_webhooks.standard import HELPDESK

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)


def message(number: int, author: str = "requester", **more: Any) -> dict[str, Any]:
    at = f"2026-11-21T14:00:{number:02}Z"
    return {"id": f"m{number}", "author": author, "text": f"text {number}", "created_at": at, **more}


def event(kind: str, *messages: dict[str, Any], about: str | None = None, **more: Any) -> dict[str, Any]:
    ticket = {"id": "7", "messages": list(messages), **more.pop("ticket", {})}
    data = {"ticket": ticket, "message_id": about, **more}
    return {"type": kind, "timestamp": "2026-11-21T15:00:00Z", "data": data}


def read(value: Any, **options: str) -> TicketEvent | Ignored:
    connection = Connection("c", "a", "standard", "shop", None, options=options)
    return HELPDESK.read(Delivery("shop", (), json.dumps(value).encode(), NOW), connection)


def happened(value: Any, **options: str) -> TicketEvent:
    result = read(value, **options)
    assert isinstance(result, TicketEvent)
    return result


def unreadable(value: Any) -> str:
    with pytest.raises(Unreadable) as caught:
        read(value)
    return str(caught.value)


def test_a_new_ticket_is_about_its_oldest_message_unless_it_says_which() -> None:
    opening = event("ticket.created", message(5), message(2, "agent"), message(9))
    assert happened(opening).key == "7/message/m2"
    assert happened({**opening, "data": {**opening["data"], "message_id": "m9"}}).key == "7/message/m9"


def test_the_same_message_is_one_happening_whatever_the_event_says() -> None:
    created = happened(event("ticket.created", message(1)))
    assert created.key == happened(event("ticket.replied", message(1), about="m1")).key


def test_the_conversation_is_put_in_order() -> None:
    ticket = happened(event("ticket.replied", message(3), message(1), message(2, "agent"), about="m3")).ticket
    assert ticket is not None
    assert [one.id for one in ticket.messages] == ["m1", "m2", "m3"]
    assert [one.id for one in ticket.customer_messages()] == ["m1", "m3"]
    assert ticket.created_at == ticket.messages[0].created_at


def test_text_wins_over_html() -> None:
    both = message(1, html="<p>html</p>")
    only = message(2, text=None, html="<p>html</p>")
    ticket = happened(event("ticket.created", both, only)).ticket
    assert ticket is not None
    assert [(one.text, one.html) for one in ticket.messages] == [("text 1", False), ("<p>html</p>", True)]


def test_two_status_changes_are_two_happenings_and_one_told_twice_is_one() -> None:
    solved = event("ticket.status_changed", value="solved")
    later = {**solved, "timestamp": "2026-11-21T15:00:01Z"}
    assert happened(solved).key == happened(solved).key != happened(later).key
    assert happened(event("ticket.status_changed", ticket={"status": "open"})).value == "open"


def test_an_event_without_the_conversation_carries_no_ticket() -> None:
    assert happened(event("ticket.rated", value="bad")).ticket is None
    rated = happened(event("ticket.rated", message(1), value=1))
    assert (rated.author, rated.value) == (Author.REQUESTER, "1")
    assert rated.ticket is not None


@pytest.mark.parametrize(
    ("kind", "author"),
    [("ticket.replied", "agent"), ("ticket.agent_replied", "requester"), ("ticket.noted", "requester")],
)
def test_an_event_that_contradicts_its_message_is_told_to_the_operator(kind: str, author: str) -> None:
    assert f"message m1 is by the {author}" in unreadable(event(kind, message(1, author), about="m1"))


def test_a_missing_message_is_told_to_the_operator() -> None:
    assert "data.message_id: m2 is not among" in unreadable(event("ticket.replied", message(1), about="m2"))
    assert "data.message_id: none" in unreadable(event("ticket.replied", message(1)))


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ([], "type"),
        ({"type": 5}, "type"),
        ({"type": "ticket.created"}, "timestamp: Field required"),
        ({**event("ticket.created"), "timestamp": "2026-11-21T15:00:00"}, "timestamp: Input should have timezone"),
        (event("ticket.created", message(1, "robot")), "data.ticket.messages.0.author"),
        (event("ticket.created", ticket={"id": ""}), "data.ticket.id"),
        (event("ticket.created", ticket={"id": True}), "data.ticket.id"),
        (event("ticket.created", ticket={"id": "x" * 256}), "data.ticket.id"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(value: Any, place: str) -> None:
    assert place in unreadable(value)


def test_the_words_of_an_error_hold_nothing_of_the_customer() -> None:
    words = unreadable(event("ticket.created", message(1, "my name is Priya", text=["a secret"])))
    assert "Priya" not in words and "secret" not in words


@pytest.mark.parametrize("author", ["bot", "system"])
@pytest.mark.parametrize("kind", ["created", "replied", "agent_replied", "noted"])
def test_programs_start_nothing(kind: str, author: str) -> None:
    assert isinstance(read(event(f"ticket.{kind}", message(1, author), about="m1")), Ignored)


def test_our_own_user_is_known_by_its_id() -> None:
    noted = event("ticket.noted", message(1, "agent", author_id=9), about="m1")
    assert happened(noted).kind is EventKind.NOTED
    assert isinstance(read(noted, bot="9"), Ignored)


def test_our_reference_is_known_in_text_and_html_but_not_inside_a_word() -> None:
    for words in ({"text": "Ref HR-7F3K2M4Q"}, {"text": "", "html": "<p>HR-7F3K2M4Q</p>"}):
        assert isinstance(read(event("ticket.noted", message(1, "agent", **words), about="m1")), Ignored)
    other = message(1, "agent", text="see CHR-7F3K2M4QX and HR-2026")
    assert happened(event("ticket.noted", other, about="m1")).kind is EventKind.NOTED


def test_only_web_addresses_become_links() -> None:
    for url, kept in (("https://desk.example/7", "https://desk.example/7"), ("javascript:alert(1)", None)):
        ticket = happened(event("ticket.created", message(1), ticket={"url": url})).ticket
        assert ticket is not None and ticket.url == kept


def test_facts_become_text_and_what_is_no_fact_is_dropped() -> None:
    fields = {"total": 34.5, "count": 3, "gift": True, "order": "B-1", "none": None, "list": [1], "object": {}}
    ticket = happened(event("ticket.created", message(1), ticket={"fields": fields})).ticket
    assert ticket is not None
    assert ticket.fields == {"total": "34.5", "count": "3", "gift": "true", "order": "B-1"}
