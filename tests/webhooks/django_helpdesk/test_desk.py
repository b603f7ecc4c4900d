"""Reading tickets from and writing to a django-helpdesk, where it has habits of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from helpdesk_recovery.sdk import (
    Author,
    ConfigurationInvalid,
    Connection,
    Desk,
    HelpdeskRefused,
    Note,
    TicketGone,
    TicketNotVisible,
    WriteUncertain,
)
from helpdesk_recovery.sdk.testing import Fault, Served, serve
from helpdesk_recovery_webhooks.django_helpdesk import HELPDESK

REFERENCE = "HR-7F3K2M4Q"
ODD = "100 % {{ ticket.title }} {% if %} {# no #} {% open %} X-HELPDESK-COMMENT-VERBATIM ąčę 😡 <b> } {"
NOTE = Note(f"{ODD}\nRef {REFERENCE}", "", REFERENCE)


def opened(served: Served, **options: str) -> Desk:
    connection = Connection("c", "a", "django_helpdesk", "shop", served.url, options=options, token="t" * 40)
    return HELPDESK.open(connection)


@pytest.fixture
async def served(new_fake: Callable[[], Any]) -> AsyncIterator[Served]:
    async with serve(new_fake()) as running:
        yield running


@pytest.fixture
async def desk(served: Served) -> AsyncIterator[Desk]:
    opened_desk = opened(served)
    yield opened_desk
    await opened_desk.close()


async def test_the_description_is_the_first_message_and_only_once(desk: Desk) -> None:
    ticket = await desk.fetch_ticket("1")
    assert [message.text for message in ticket.messages] == ["It came broken. I want my money back!"]
    assert ticket.messages[0].author is Author.REQUESTER
    assert (ticket.status, ticket.channel, ticket.requester.email) == ("open", "web", "ruta@example.com")


async def test_a_first_mail_is_read_with_its_whole_text(served: Served, desk: Desk) -> None:
    fake: Any = served.fake
    number = fake.open_ticket("Toaster", "It burns!")
    fake.followups[max(fake.followups)].update(comment="It  burns!\n\n-- \nAnn", message_id="<1@x>")
    ticket = await desk.fetch_ticket(str(number))
    assert [message.text for message in ticket.messages] == ["It  burns!\n\n-- \nAnn"]
    assert ticket.channel == "email"


async def test_the_conversation_comes_in_order_with_its_authors(served: Served, desk: Desk) -> None:
    fake: Any = served.fake
    fake.add(1, "We look into it.", user=1)
    fake.add(1, "He is right.", user=1, public=False)
    fake.add(1, None, user=1, title="Ticket placed on hold")
    fake.reply(1, "Still nothing.\n> We look into it.")
    ticket = await desk.fetch_ticket("1")
    assert [(m.author, m.public) for m in ticket.messages] == [
        (Author.REQUESTER, True),
        (Author.AGENT, True),
        (Author.AGENT, False),
        (Author.REQUESTER, True),
    ]
    assert ticket.messages[-1].text == "Still nothing.\n> We look into it."


async def test_custom_fields_are_told_by_name(served: Served, desk: Desk) -> None:
    fake: Any = served.fake
    fake.tickets[1]["custom_order_number"] = "A-20418"
    assert (await desk.fetch_ticket("1")).fields == {"order_number": "A-20418"}


async def test_a_closed_ticket_is_found_too(served: Served, desk: Desk) -> None:
    fake: Any = served.fake
    fake.tickets[1]["status"] = 4
    assert (await desk.fetch_ticket("1")).status == "closed"


async def test_a_merged_ticket_is_gone(served: Served, desk: Desk) -> None:
    fake: Any = served.fake
    fake.tickets[1]["merged_to"] = fake.open_ticket("The other", "x")
    with pytest.raises(TicketGone, match="merged into ticket 2"):
        await desk.fetch_ticket("1")


async def test_a_note_arrives_to_the_character_and_its_text_is_never_mailed(served: Served, desk: Desk) -> None:
    fake: Any = served.fake
    written = await desk.add_note("1", NOTE)
    assert (written.external_id, written.author_id) == ("2", "2")
    assert fake.followups[2]["comment"] == NOTE.text
    assert fake.mailed == [f"Ref {REFERENCE}"]
    assert fake.tickets[1]["title"] == "Broken kettle"


async def test_a_reply_arrives_to_the_character_with_its_reference(served: Served, desk: Desk) -> None:
    fake: Any = served.fake
    await desk.add_reply("1", ODD, REFERENCE)
    assert fake.followups[2]["comment"] == f"{ODD}\n\nRef {REFERENCE}"


async def test_a_note_that_stopped_half_way_is_completed(served: Served, desk: Desk) -> None:
    fake: Any = served.fake
    fake.add(1, f"Ref {REFERENCE}", user=2, public=False)
    assert await desk.find_written("1", REFERENCE) is None
    assert len((await desk.fetch_ticket("1")).messages) == 1
    written = await desk.add_note("1", NOTE)
    assert await desk.find_written("1", REFERENCE) == written
    assert [one.text for one in fake.written()] == [NOTE.text]


async def test_a_note_that_came_out_public_stays_empty(served: Served, desk: Desk) -> None:
    fake: Any = served.fake
    fake.private_is_public = True
    with pytest.raises(HelpdeskRefused, match="public"):
        await desk.add_note("1", NOTE)
    assert [one.text for one in fake.written()] == [f"Ref {REFERENCE}"]


async def test_a_customer_who_quotes_our_reply_is_not_our_reply(served: Served, desk: Desk) -> None:
    fake: Any = served.fake
    fake.reply(1, f"No!\n> We are sorry.\n> Ref {REFERENCE}")
    assert await desk.find_written("1", REFERENCE) is None


async def test_an_agents_command_is_not_our_note(served: Served) -> None:
    fake: Any = served.fake
    fake.add(1, f"/recovery accept {REFERENCE}", user=1, public=False)
    desk = opened(served, bot_user="2")
    assert await desk.find_written("1", REFERENCE) is None
    await desk.close()


async def test_a_ticket_that_is_not_committed_yet_takes_no_reply(desk: Desk) -> None:
    with pytest.raises(TicketNotVisible):
        await desk.add_reply("99", "Hello", REFERENCE)


async def test_a_reply_saved_while_our_door_was_down_is_uncertain(served: Served, desk: Desk) -> None:
    served.fault = Fault(500, on="write", handled=True)
    with pytest.raises(WriteUncertain):
        await desk.add_reply("1", "Hello", REFERENCE)
    served.fault = None
    assert await desk.find_written("1", REFERENCE) is not None


async def test_only_a_number_is_a_ticket(served: Served, desk: Desk) -> None:
    for odd in ("1/../../users", "", "²", "-1", "1?status=4"):
        with pytest.raises(HelpdeskRefused):
            await desk.fetch_ticket(odd)
    assert served.paths == []


@pytest.mark.parametrize(("status", "words"), [(401, "drf_create_token"), (403, "staff"), (404, "URL")])
async def test_doctor_says_what_to_do(served: Served, desk: Desk, status: int, words: str) -> None:
    served.fault = Fault(status)
    (check,) = await desk.check()
    assert not check.ok and words in check.advice


def test_a_connection_without_a_token_is_not_opened() -> None:
    with pytest.raises(ConfigurationInvalid):
        HELPDESK.open(Connection("c", "a", "django_helpdesk", "shop", "http://127.0.0.1:9"))
