"""Talking to Request Tracker, over a stand-in that answers as the real one did."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from helpdesk_recovery.sdk import (
    Author,
    ConfigurationInvalid,
    Connection,
    HelpdeskRefused,
    Note,
    TicketGone,
    TicketNotVisible,
    WriteUncertain,
)
from helpdesk_recovery.sdk.testing import Fault
from helpdesk_recovery_webhooks.request_tracker import HELPDESK

REFERENCE = "HR-7F3K2M4Q"
NOTE = Note(f"x\nRef {REFERENCE}", f"<p>grąžinti 15&nbsp;€</p><p>Ref {REFERENCE}</p>", REFERENCE)
Fakes = Callable[..., Any]
Talking = Callable[..., Any]


async def test_tells_customer_agent_bot_and_system_apart(new_fake: Fakes, talking: Talking) -> None:
    fake = new_fake()
    for kind, who in [
        ("Correspond", "agent"), ("Comment", "agent"), ("Comment", "recoverybot"), ("Correspond", "RT_System"),
        ("Correspond", "jane@example.com"), ("Correspond", "cc@example.com"),
    ]:  # fmt: skip
        fake.say(kind, who, "words", minutes_ago=5)
    async with talking(fake) as (desk, _):
        ticket = await desk.fetch_ticket("7")
    assert [(one.author, one.public) for one in ticket.messages] == [
        (Author.REQUESTER, True),
        (Author.AGENT, True),
        (Author.AGENT, False),
        (Author.BOT, False),
        (Author.SYSTEM, True),
        (Author.REQUESTER, True),
        (Author.REQUESTER, True),
    ]
    assert (ticket.group, ticket.assignee, ticket.requester.locale) == ("Support", None, "pt-BR")
    assert ticket.url is not None and ticket.url.endswith("/rt/Ticket/Display.html?id=7")


async def test_an_agents_ticket_for_a_customer_is_the_customers_words(new_fake: Fakes, talking: Talking) -> None:
    fake = new_fake()
    fake.transactions[0].creator = "agent"
    async with talking(fake) as (desk, _):
        ticket = await desk.fetch_ticket("7")
    (message,) = ticket.customer_messages()
    assert (message.author_id, message.author_name) == ("jane@example.com", "Jane Jones")


async def test_a_ticket_without_a_customer_is_the_agents(new_fake: Fakes, talking: Talking) -> None:
    fake = new_fake(requestors=())
    fake.transactions[0].creator = "agent"
    async with talking(fake) as (desk, _):
        ticket = await desk.fetch_ticket("7")
    assert ticket.customer_messages() == ()


async def test_reads_the_plain_part_and_else_the_html(new_fake: Fakes, talking: Talking) -> None:
    fake = new_fake()
    fake.say("Correspond", "jane@example.com", "plain", "<p>html</p>", minutes_ago=3)
    fake.say("Correspond", "jane@example.com", " \n", "<p>only html</p>", minutes_ago=2)
    fake.say("Correspond", "jane@example.com", minutes_ago=1)
    async with talking(fake) as (desk, _):
        ticket = await desk.fetch_ticket("7")
    read = [(one.text, one.html) for one in ticket.messages[1:]]
    assert read == [("plain", False), ("<p>only html</p>", True), ("", False)]


async def test_reads_a_long_ticket_whole(new_fake: Fakes, talking: Talking) -> None:
    fake = new_fake()
    for index in range(230):
        fake.say("Correspond", "jane@example.com", f"again {index}", minutes_ago=230 - index)
    fake.transactions[0].created = fake.transactions[1].created
    async with talking(fake) as (desk, _):
        ticket = await desk.fetch_ticket("7")
    assert [one.text for one in ticket.messages[1:]] == [f"again {index}" for index in range(230)]


async def test_three_calls_read_a_ticket_and_an_agent_is_asked_for_once(new_fake: Fakes, talking: Talking) -> None:
    fake = new_fake()
    fake.say("Correspond", "agent", "we look into it")
    async with talking(fake) as (desk, _):
        await desk.fetch_ticket("7")
        await desk.fetch_ticket("7")
    assert fake.asked == [
        "tickets", "ticket/7/history", "ticket/7/attachments", "user/agent",
        "tickets", "ticket/7/history", "ticket/7/attachments",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("how", "error", "words"),
    [
        ({"merged_into": 9}, TicketGone, "merged into 9"),
        ({"status": "deleted"}, TicketGone, "deleted"),
        ({"queues": ()}, TicketNotVisible, "no search finds it"),
        ({"queues": (), "status": ""}, HelpdeskRefused, "ShowTicket"),
    ],
)
async def test_says_why_a_ticket_is_not_found(
    new_fake: Fakes, talking: Talking, how: dict[str, Any], error: type[Exception], words: str
) -> None:
    async with talking(new_fake(**how)) as (desk, _):
        with pytest.raises(error, match=words):
            await desk.fetch_ticket("7")


@pytest.mark.parametrize("ticket_id", ["", "7 OR id > 0", "../user/1", "٧"])
async def test_only_numbers_go_into_searches(new_fake: Fakes, talking: Talking, ticket_id: str) -> None:
    fake = new_fake()
    async with talking(fake) as (desk, _):
        for talk in (desk.fetch_ticket(ticket_id), desk.add_note(ticket_id, NOTE)):
            with pytest.raises(TicketGone):
                await talk
    assert fake.asked == [] and fake.written() == []


@pytest.mark.parametrize("has_field", [True, False])
async def test_a_note_is_found_again_with_and_without_the_field(
    new_fake: Fakes, talking: Talking, has_field: bool
) -> None:
    async with talking(new_fake(has_field=has_field)) as (desk, _):
        written = await desk.add_note("7", NOTE)
        assert await desk.find_written("7", REFERENCE) == written
        ticket = await desk.fetch_ticket("7")
    last = ticket.messages[-1]
    assert (last.id, last.text, last.html, last.public) == (written.external_id, NOTE.html, True, False)


async def test_notes_and_replies_carry_their_reference_in_the_field(new_fake: Fakes, talking: Talking) -> None:
    fake = new_fake()
    async with talking(fake) as (desk, _):
        await desk.add_note("7", NOTE)
        await desk.add_reply("7", "We are sorry.", "HR-ABCDEFGH")
    assert [one.key for one in fake.transactions[1:]] == [REFERENCE, "HR-ABCDEFGH"]


async def test_a_customer_who_quotes_us_is_not_our_writing(new_fake: Fakes, talking: Talking) -> None:
    fake = new_fake(has_field=False)
    fake.say("Correspond", "jane@example.com", f"You wrote: Ref {REFERENCE}")
    async with talking(fake) as (desk, _):
        assert await desk.find_written("7", REFERENCE) is None


async def test_our_writing_is_found_when_the_option_names_somebody_else(new_fake: Fakes, talking: Talking) -> None:
    fake = new_fake(has_field=False)
    async with talking(fake) as (_, served):
        options = {"bot_user": "helper"}
        connection = Connection(
            "c-1", "a-1", "request_tracker", "rt", served.url, token="1-33-0123456789abcdef", options=options
        )
        desk = HELPDESK.open(connection)
        await desk.add_note("7", NOTE)
        assert await desk.find_written("7", REFERENCE) is not None
        words = [check.advice for check in await desk.check() if not check.ok]
        await desk.close()
    assert "bot_user=recoverybot" in words[0]


async def test_a_reply_ends_with_its_reference_once(new_fake: Fakes, talking: Talking) -> None:
    fake = new_fake()
    async with talking(fake) as (desk, _):
        await desk.add_reply("7", "We are sorry.\n", REFERENCE)
        await desk.add_reply("7", "Sorry. Ref HR-ABCDEFGH", "HR-ABCDEFGH")
    assert [one.text for one in fake.written()] == [
        f"We are sorry.\n\nRef {REFERENCE}",
        "Sorry. Ref HR-ABCDEFGH",
    ]


async def test_a_missing_right_is_named(new_fake: Fakes, talking: Talking) -> None:
    async with talking(new_fake(links=("correspond",))) as (desk, _):
        with pytest.raises(HelpdeskRefused, match="CommentOnTicket"):
            await desk.add_note("7", NOTE)


async def test_a_write_without_an_address_is_uncertain(new_fake: Fakes, talking: Talking) -> None:
    fault = Fault(201, body=b'["Comments added"]', on="write", handled=True)
    async with talking(new_fake(), fault) as (desk, _):
        with pytest.raises(WriteUncertain):
            await desk.add_note("7", NOTE)


async def test_lists_at_most_as_many_tickets_as_asked(new_fake: Fakes, talking: Talking) -> None:
    async with talking(new_fake()) as (desk, _):
        assert await desk.recent_tickets(0) == ()
        assert await desk.recent_tickets(3) == ("7",)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"version": "4.4.6"}, "too old"),
        ({"queues": ()}, "SeeQueue"),
        ({"has_field": False}, "RecoveryKey"),
        ({"links": ("correspond",)}, "CommentOnTicket"),
        ({"links": ()}, "CommentOnTicket and ReplyToTicket"),
    ],
)
async def test_check_names_the_one_thing_that_is_wrong(
    new_fake: Fakes, talking: Talking, how: dict[str, Any], words: str
) -> None:
    async with talking(new_fake(**how)) as (desk, _):
        wrong = [check for check in await desk.check() if not check.ok]
    assert len(wrong) == 1
    assert words in wrong[0].advice


def test_a_connection_needs_a_url_and_a_token() -> None:
    for url, token in ((None, "1-33-x"), ("http://127.0.0.1:9", None)):
        with pytest.raises(ConfigurationInvalid, match="--url"):
            HELPDESK.open(Connection("c-1", "a-1", "request_tracker", "rt", url, token=token))
