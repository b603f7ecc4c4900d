"""Who wrote what, where django-helpdesk keeps the same fields for different people."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from helpdesk_recovery.sdk import Author, Connection, Delivery, EventKind, Ignored, TicketEvent, Unreadable
from helpdesk_recovery_webhooks.django_helpdesk import HELPDESK

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
BY_MAIL: dict[str, Any] = {
    "user": None,
    "public": True,
    "title": "E-Mail Received from jane@shop.example",
    "message_id": "<1@x>",
}


def read(options: dict[str, str] | None = None, **followup: Any) -> TicketEvent | Ignored:
    """Read a hook with one follow-up on ticket 7."""
    row = {"id": 3, "ticket": 7, "comment": "Hello", "date": "2026-11-21T14:21:00.927713-06:00", **followup}
    body = json.dumps({"ticket": {"id": 7, "title": "x", "followup_set": [row]}, "followup_id": 3}).encode()
    connection = Connection("c", "a", "django_helpdesk", "shop", None, options=options or {})
    return HELPDESK.read(Delivery("shop", (), body, NOW), connection)


def event(options: dict[str, str] | None = None, **followup: Any) -> TicketEvent:
    found = read(options, **followup)
    assert isinstance(found, TicketEvent)
    return found


def test_a_mail_is_a_customers_and_its_time_is_utc() -> None:
    found = event(**BY_MAIL)
    assert (found.kind, found.author, found.key) == (EventKind.REPLIED, Author.REQUESTER, "followup:3")
    assert found.occurred_at == datetime(2026, 11, 21, 20, 21, 0, 927713, tzinfo=UTC)


def test_a_mail_from_our_own_company_is_an_agents() -> None:
    found = event({"staff_domains": "acme.test, Shop.example"}, **BY_MAIL)
    assert (found.kind, found.author) == (EventKind.AGENT_REPLIED, Author.AGENT)


def test_a_mail_without_a_message_id_is_still_a_customers() -> None:
    assert event(**{**BY_MAIL, "message_id": None}).kind is EventKind.REPLIED


def test_a_mail_that_reopens_the_ticket_is_heard() -> None:
    assert event(**BY_MAIL, new_status=2).kind is EventKind.REPLIED


def test_a_customer_who_closes_the_ticket_on_its_page_said_nothing() -> None:
    words = "Submitter accepted resolution and closed ticket"
    found = event(user=None, public=True, title="x and Closed", comment=words, new_status=4)
    assert (found.kind, found.value) == (EventKind.STATUS_CHANGED, "closed")


def test_an_escalation_is_not_a_customer() -> None:
    found = read(user=None, public=True, title="Ticket Escalated", comment="Ticket escalated after 3 days")
    assert isinstance(found, Ignored)


def test_a_ticket_on_hold_is_left_alone() -> None:
    assert isinstance(read(user=1, public=True, title="Ticket placed on hold", comment=None), Ignored)


def test_a_status_that_the_company_added_keeps_its_number() -> None:
    assert event(user=1, public=True, comment="", new_status=9).value == "9"


@pytest.mark.parametrize(
    "comment",
    ["Suggested\nRef HR-7F3K2M4Q", "Ref HR-7F3K2M4Q", "Nuoroda HR-7F3K2M4Q \n", "text\r\nRef HR-7F3K2M4Q\r\n"],
)
def test_what_ends_with_our_marker_is_ours_before_we_know_our_user(comment: str) -> None:
    assert read(user=5, public=False, comment=comment) == Ignored("own", "we wrote this ourselves")


@pytest.mark.parametrize(
    "comment",
    ["/recovery accept HR-7F3K2M4Q", "See Ref HR-7F3K2M4Q", "Ref HR-7F3K2M4Q\nI would give more", "HR-1OIL0000"],
)
def test_an_agent_who_mentions_a_reference_is_heard(comment: str) -> None:
    assert event(user=5, public=False, comment=comment).kind is EventKind.NOTED


def test_our_own_user_is_ours_without_a_marker() -> None:
    assert isinstance(read({"bot_user": "5"}, user=5, public=True, comment="Thanks"), Ignored)
    assert event({"bot_user": "5"}, user=55, public=True, comment="Thanks").author is Author.AGENT


def test_a_followup_that_is_not_in_its_hook_is_quarantined() -> None:
    with pytest.raises(Unreadable):
        read(id=4)


def test_a_followup_of_another_ticket_is_quarantined() -> None:
    with pytest.raises(Unreadable):
        read(ticket=8)
