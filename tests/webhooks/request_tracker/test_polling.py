"""Finding in Request Tracker what a webhook missed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from helpdesk_recovery.sdk import Author, ConfigurationInvalid, EventKind

Fakes = Callable[..., Any]
Talking = Callable[..., Any]


async def test_finds_what_people_did_and_nothing_of_ours(new_fake: Fakes, talking: Talking) -> None:
    fake = new_fake()
    async with talking(fake) as (desk, _):
        start = await desk.poll(None)
        fake.say("Correspond", "jane@example.com", "any news?")
        fake.say("Status", "RT_System", new_value="open")
        fake.say("Comment", "recoverybot", "ours")
        fake.say("Comment", "agent", "copied", key="HR-7F3K2M4Q")
        fake.say("Correspond", "agent", "soon")
        fake.say("Status", "agent", new_value="resolved")
        polled = await desk.poll(start.cursor)
    assert [(one.kind, one.author, one.value) for one in polled.events] == [
        (EventKind.REPLIED, Author.REQUESTER, None),
        (EventKind.AGENT_REPLIED, Author.AGENT, None),
        (EventKind.STATUS_CHANGED, Author.AGENT, "resolved"),
    ]
    assert [one.key for one in polled.events] == ["txn:41", "txn:45", "txn:46"]


async def test_what_is_committed_late_is_still_found(new_fake: Fakes, talking: Talking) -> None:
    """A lower number may appear after a higher one: numbers are given before the commit."""
    fake = new_fake()
    async with talking(fake) as (desk, _):
        start = await desk.poll(None)
        late = fake.say("Correspond", "jane@example.com", "slow")
        fake.say("Correspond", "jane@example.com", "quick")
        fake.transactions.remove(late)
        first = await desk.poll(start.cursor)
        fake.transactions.append(late)
        second = await desk.poll(first.cursor)
    assert [one.key for one in first.events] == ["txn:42"]
    assert [one.key for one in second.events] == ["txn:41", "txn:42"]


async def test_what_is_settled_is_not_read_again(new_fake: Fakes, talking: Talking) -> None:
    fake = new_fake()
    async with talking(fake) as (desk, _):
        start = await desk.poll(None)
        fake.say("Correspond", "jane@example.com", "old enough", minutes_ago=3)
        first = await desk.poll(start.cursor)
        second = await desk.poll(first.cursor)
    assert len(first.events) == 1
    assert second.events == () and second.cursor == first.cursor == "41"


async def test_reads_on_after_a_long_outage(new_fake: Fakes, talking: Talking) -> None:
    fake = new_fake()
    for _ in range(1250):
        fake.say("Correspond", "jane@example.com", "again")
    async with talking(fake) as (desk, _):
        first = await desk.poll("0")
        second = await desk.poll(first.cursor)
    assert (len(first.events), len(second.events)) == (1000, 251)
    assert {one.key for one in (*first.events, *second.events)} == {f"txn:{n}" for n in range(40, 1291)}


async def test_an_empty_desk_begins_at_the_beginning(new_fake: Fakes, talking: Talking) -> None:
    fake = new_fake()
    fake.transactions.clear()
    async with talking(fake) as (desk, _):
        start = await desk.poll(None)
        fake.say("Create", "jane@example.com", "first ever")
        polled = await desk.poll(start.cursor)
    assert [one.kind for one in polled.events] == [EventKind.CREATED]


async def test_a_quiet_desk_costs_one_call(new_fake: Fakes, talking: Talking) -> None:
    fake = new_fake()
    async with talking(fake) as (desk, _):
        start = await desk.poll(None)
        fake.asked.clear()
        await desk.poll(start.cursor)
    assert fake.asked == ["transactions"]


@pytest.mark.parametrize("cursor", ["", "yesterday", "1 OR id > 0", "-1"])
async def test_a_broken_cursor_is_named(new_fake: Fakes, talking: Talking, cursor: str) -> None:
    async with talking(new_fake()) as (desk, _):
        with pytest.raises(ConfigurationInvalid, match="cursor"):
            await desk.poll(cursor)
