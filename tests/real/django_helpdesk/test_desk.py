"""Against a real django-helpdesk: private stays private, texts arrive as sent, nothing is missed or done twice."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from helpdesk_recovery.sdk import (
    Author,
    Connection,
    Delivery,
    Desk,
    EventKind,
    HelpdeskRefused,
    Ignored,
    Note,
    Sample,
    TicketEvent,
    TicketNotVisible,
    WriteUncertain,
)
from helpdesk_recovery_webhooks.django_helpdesk import HELPDESK
from helpdesk_recovery_webhooks.django_helpdesk.demo import DjangoHelpdeskDemo
from helpdesk_recovery_webhooks.django_helpdesk.demo.running import RunningDesk

pytestmark = pytest.mark.real

ODD = "100 % {{ ticket.title }} {% if %} {# no #} {% open X-HELPDESK-COMMENT-VERBATIM ąčęėįšųūž 😡 <b> #1 } {"
SAMPLE = Sample("Rūta", "ruta@example.com", "Sulūžęs virdulys", "Virdulys atkeliavo sulūžęs. Noriu pinigų!", "")


def read(delivery: Delivery, connection: Connection) -> TicketEvent | Ignored:
    """Verify and read a delivery, as the door and the worker do."""
    HELPDESK.verify(delivery, connection.secrets, datetime.now(UTC))
    return HELPDESK.read(delivery, connection)


def note(reference: str) -> Note:
    return Note(f"{ODD}\nRef {reference}", "", reference)


async def test_a_complaint_arrives_by_hook_and_is_fetched(
    helpdesk: RunningDesk, door: Any, connection: Connection, desk: Desk
) -> None:
    door.deliveries.clear()
    filed = helpdesk.file_ticket(SAMPLE)
    delivery = door.take()
    event = read(delivery, connection)
    assert isinstance(event, TicketEvent)
    assert (event.kind, event.ticket_id, event.key) == (EventKind.CREATED, filed, f"ticket:{filed}")
    ticket = await desk.fetch_ticket(filed)
    assert [message.text for message in ticket.customer_messages()] == [SAMPLE.body]
    assert (ticket.subject, ticket.requester.email) == (SAMPLE.subject, SAMPLE.email)
    assert (await desk.recent_tickets(1)) == (filed,)


async def test_a_note_is_private_unchanged_unmailed_and_its_echo_is_left_alone(
    helpdesk: RunningDesk, door: Any, connection: Connection, desk: Desk, ticket_id: str, api: Callable[[str], Any]
) -> None:
    copied = "from helpdesk.models import Queue; Queue.objects.update(updated_ticket_cc='copy@shop.example')"
    helpdesk.manage("shell", "-c", copied)
    written = await desk.add_note(ticket_id, note("HR-7F3K2M4Q"))
    echo = door.take()
    assert isinstance(read(echo, connection), Ignored)
    assert isinstance(read(echo, replace(connection, options={})), Ignored)
    found = api(f"followups/{written.external_id}/")
    assert (found["public"], found["comment"]) == (False, note("HR-7F3K2M4Q").text)
    assert found["email_recipients"] == ["copy@shop.example"], "else this proves nothing about mail"
    assert api(f"tickets/{ticket_id}/")["title"] == SAMPLE.subject
    assert written.author_id == helpdesk.options["bot_user"]
    assert await desk.find_written(ticket_id, "HR-7F3K2M4Q") == written
    mails = [path.read_text("utf-8") for path in _mails(helpdesk)]
    assert any("HR-7F3K2M4Q" in mail for mail in mails)
    assert not any("X-HELPDESK-COMMENT" in mail for mail in mails), "the note's text was mailed"


async def test_a_reply_reaches_the_customer_unchanged_and_its_echo_is_left_alone(
    helpdesk: RunningDesk, door: Any, connection: Connection, desk: Desk, ticket_id: str, api: Callable[[str], Any]
) -> None:
    written = await desk.add_reply(ticket_id, ODD, "HR-8G4M3N5R")
    echo = door.take()
    assert isinstance(read(echo, connection), Ignored)
    found = api(f"followups/{written.external_id}/")
    assert (found["public"], found["comment"]) == (True, f"{ODD}\n\nRef HR-8G4M3N5R")
    assert SAMPLE.email in found["email_recipients"]
    ticket = await desk.fetch_ticket(ticket_id)
    assert [message.author for message in ticket.messages] == [Author.REQUESTER, Author.BOT]


async def test_a_customers_mail_has_one_key_by_hook_and_by_poll(
    helpdesk: RunningDesk, door: Any, connection: Connection, desk: Desk, ticket_id: str
) -> None:
    cursor = (await desk.poll(None)).cursor
    words = r"Vis dar nieko! ąčęé 😡 C:\new"
    helpdesk.reply(ticket_id, replace(SAMPLE, body=words))
    delivery = door.take()
    event = read(delivery, connection)
    assert isinstance(event, TicketEvent) and event.kind is EventKind.REPLIED
    polled = await desk.poll(cursor)
    assert [(one.kind, one.key) for one in polled.events] == [(event.kind, event.key)]
    assert (await desk.poll(polled.cursor)).events == ()
    assert (await desk.fetch_ticket(ticket_id)).messages[-1].text.strip() == words


async def test_what_happened_while_our_door_was_down_is_found_once(
    helpdesk: RunningDesk, door: Any, desk: Desk
) -> None:
    cursor = (await desk.poll(None)).cursor
    door.shut()
    try:
        filed = helpdesk.file_ticket(replace(SAMPLE, subject="Missed"))
        helpdesk.reply(filed, replace(SAMPLE, body="And I write again"))
        with pytest.raises(WriteUncertain):
            await desk.add_note(filed, note("HR-9H5N4P6S"))
    finally:
        door.open()
    kinds = [one.kind for one in (await desk.poll(cursor)).events if one.ticket_id == filed]
    assert kinds == [EventKind.CREATED, EventKind.REPLIED]
    assert await desk.find_written(filed, "HR-9H5N4P6S") is None
    await desk.add_note(filed, note("HR-9H5N4P6S"))
    helpdesk.reply(filed, replace(SAMPLE, body="Thanks"))
    texts = [message.text for message in (await desk.fetch_ticket(filed)).messages]
    assert texts == [SAMPLE.body, "And I write again\n", note("HR-9H5N4P6S").text, "Thanks\n"]


async def test_doctor_is_content(desk: Desk) -> None:
    assert all(check.ok for check in await desk.check())


async def test_a_wrong_token_is_refused_with_what_to_do(connection: Connection, ticket_id: str) -> None:
    stranger = HELPDESK.open(replace(connection, token="0" * 40))
    with pytest.raises(HelpdeskRefused):
        await stranger.fetch_ticket(ticket_id)
    (check,) = await stranger.check()
    assert "drf_create_token" in check.advice
    await stranger.close()


async def test_a_ticket_that_is_not_there_is_not_visible(desk: Desk) -> None:
    with pytest.raises(TicketNotVisible):
        await desk.fetch_ticket("424242")
    with pytest.raises(TicketNotVisible):
        await desk.add_reply("424242", "Hello", "HR-7F3K2M4Q")


async def test_the_companion_signs_and_a_second_run_goes_on(
    helpdesk: RunningDesk, door: Any, connection: Connection, tmp_path: Path, start: Callable[..., RunningDesk]
) -> None:
    shutil.copytree(helpdesk.folder, tmp_path / "desk", ignore=shutil.ignore_patterns("pid", "port", "ready"))
    signed = start(tmp_path / "desk", DjangoHelpdeskDemo(signed=True))
    try:
        assert signed.token == helpdesk.token, "a second run in a folder goes on with its token"
        door.deliveries.clear()
        filed = signed.file_ticket(SAMPLE)
        delivery = door.take()
        assert delivery.header("authorization") is None
        event = read(delivery, connection)
        assert isinstance(event, TicketEvent) and event.key == f"ticket:{filed}"
        door.shut()
        written = await _reply_on(replace(connection, url=signed.base_url), filed)
        assert written, "an agent's request is fine while our door is down"
    finally:
        door.open()
        signed.stop()


async def _reply_on(connection: Connection, ticket_id: str) -> str:
    desk = HELPDESK.open(connection)
    try:
        return (await desk.add_reply(ticket_id, "Hello", "HR-7F3K2M4Q")).external_id
    finally:
        await desk.close()


def _mails(helpdesk: RunningDesk) -> list[Path]:
    return list((helpdesk.folder / "mail").iterdir())
