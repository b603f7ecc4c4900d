"""Finding what a hook missed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from helpdesk_recovery.sdk import Connection, Desk, EventKind
from helpdesk_recovery.sdk.testing import Served, serve
from helpdesk_recovery_webhooks.django_helpdesk import HELPDESK

CREATED, REPLIED = EventKind.CREATED, EventKind.REPLIED


@pytest.fixture
async def served(new_fake: Callable[[], Any]) -> AsyncIterator[Served]:
    async with serve(new_fake()) as running:
        yield running


@pytest.fixture
async def desk(served: Served) -> AsyncIterator[Desk]:
    connection = Connection("c", "a", "django_helpdesk", "shop", served.url, token="t" * 40, options={"bot_user": "2"})
    opened = HELPDESK.open(connection)
    yield opened
    await opened.close()


async def found(desk: Desk, cursor: str) -> tuple[list[tuple[EventKind, str]], str]:
    polled = await desk.poll(cursor)
    return [(event.kind, event.key) for event in polled.events], polled.cursor


async def test_a_missed_ticket_and_its_reply_have_the_keys_of_their_hooks(served: Served, desk: Desk) -> None:
    fake: Any = served.fake
    cursor = (await desk.poll(None)).cursor
    number = fake.open_ticket("Late", "Three weeks!")
    fake.reply(number, "Hello?")
    fake.reply(1, "And mine?")
    events, cursor = await found(desk, cursor)
    assert events == [(CREATED, "ticket:2"), (REPLIED, "followup:3"), (REPLIED, "followup:4")]
    assert (await found(desk, cursor))[0] == []


async def test_a_reply_to_an_old_ticket_is_no_new_ticket(served: Served, desk: Desk) -> None:
    fake: Any = served.fake
    for _ in range(60):
        fake.open_ticket("Another", "x")
    for _ in range(40):
        fake.reply(7, "Hello?")
    cursor = (await desk.poll(None)).cursor
    fake.reply(59, "Still waiting")
    assert (await found(desk, cursor))[0] == [(REPLIED, "followup:102")]


async def test_our_own_notes_are_not_found(served: Served, desk: Desk) -> None:
    fake: Any = served.fake
    cursor = (await desk.poll(None)).cursor
    fake.add(1, "Suggested: refund\nRef HR-7F3K2M4Q", user=2, public=False)
    assert (await found(desk, cursor))[0] == []


async def test_after_a_long_outage_nothing_is_missing(served: Served, desk: Desk) -> None:
    fake: Any = served.fake
    cursor = (await desk.poll(None)).cursor
    expected = [(REPLIED, f"followup:{fake.reply(1, 'Hello?')['id']}") for _ in range(300)]
    assert (await found(desk, cursor))[0] == expected


async def test_a_followup_that_was_committed_late_is_found_once(served: Served, desk: Desk) -> None:
    fake: Any = served.fake
    late = fake.reply(1, "I was slow")
    del fake.followups[late["id"]]
    fake.followups[3] = {**late, "id": 3}
    cursor = (await desk.poll(None)).cursor
    fake.followups[2] = late
    events, cursor = await found(desk, cursor)
    assert events == [(REPLIED, "followup:2")]
    assert (await found(desk, cursor))[0] == []


async def test_a_poll_of_a_large_desk_is_three_requests(served: Served, desk: Desk) -> None:
    fake: Any = served.fake
    for _ in range(500):
        fake.reply(1, "Hello?")
    cursor = (await desk.poll(None)).cursor
    fake.reply(1, "Once more")
    served.paths.clear()
    assert len((await desk.poll(cursor)).events) == 1
    assert len(served.paths) == 3


async def test_a_restored_helpdesk_goes_on_from_where_it_is(served: Served, desk: Desk) -> None:
    fake: Any = served.fake
    for _ in range(200):
        fake.reply(1, "Hello?")
    cursor = (await desk.poll(None)).cursor
    for number in range(20, 202):
        del fake.followups[number]
    events, cursor = await found(desk, cursor)
    assert events == []
    fake.reply(1, "After the restore")
    assert (await found(desk, cursor))[0] == [(REPLIED, "followup:20")]


async def test_an_empty_helpdesk_can_be_polled(served: Served, desk: Desk) -> None:
    fake: Any = served.fake
    fake.tickets.clear()
    fake.followups.clear()
    cursor = (await desk.poll(None)).cursor
    fake.open_ticket("The first", "x")
    assert (await found(desk, cursor))[0] == [(CREATED, "ticket:1")]


async def test_recent_tickets_come_newest_first(served: Served, desk: Desk) -> None:
    fake: Any = served.fake
    for _ in range(30):
        fake.open_ticket("Another", "x")
    assert await desk.recent_tickets(27) == tuple(str(number) for number in range(31, 4, -1))
    assert len(await desk.recent_tickets(100)) == 31


async def test_recent_tickets_are_found_behind_many_replies(served: Served, desk: Desk) -> None:
    fake: Any = served.fake
    for _ in range(9):
        fake.open_ticket("Another", "x")
    for _ in range(200):
        fake.reply(2, "Hello?")
    assert await desk.recent_tickets(3) == ("10", "9", "8")


async def test_deleted_tickets_do_not_make_us_read_everything(served: Served, desk: Desk) -> None:
    fake: Any = served.fake
    for _ in range(1000):
        fake.reply(1, "Hello?")
    fake.reply(fake.open_ticket("Gone soon", "x") + 5, "Of a ticket after deleted ones")
    served.paths.clear()
    assert await desk.recent_tickets(3) == ("7", "2", "1")
    assert len(served.paths) == 20
