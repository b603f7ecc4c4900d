"""What comes in, what is read, and that thinking is the same every time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from helpdesk_recovery.domain.connection import Connection
from helpdesk_recovery.domain.delivery import Delivery, Ignored
from helpdesk_recovery.domain.ticket import Author, EventKind, Message, Requester, Ticket, TicketEvent
from helpdesk_recovery.errors import TicketNotVisible, Unreadable
from helpdesk_recovery.pipeline.gather import gather
from helpdesk_recovery.pipeline.line import think
from helpdesk_recovery.pipeline.observe import observe
from helpdesk_recovery.pipeline.propose import Earlier
from helpdesk_recovery.pipeline.receive import receive, wants_work
from helpdesk_recovery.policy.load import find_pack
from helpdesk_recovery.sdk.testing.memory_helpdesk import MemoryDesk, MemoryHelpdesk
from helpdesk_recovery.storage import codec

NOW = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
HAPPENED = Callable[..., TicketEvent]
TEXTS = {
    "en": "The kettle I ordered arrived broken, and I am very disappointed. I want a replacement, please.",
    "sv": "Mina stövlar skulle ha kommit den 10 november, nu är det elva dagar för sent. Ge mig pengarna tillbaka.",
    "da": "I har trukket 499 kr. to gange på mit kort for den samme ordre. Vil I tilbagebetale det ene beløb?",
    "lt": "Jau keturias dienas neveikia internetas, dirbu iš namų ir negaliu dirbti. Kada sutvarkysite?",
    "cs": "Objednala jsem modrou lampu a přišla mi červená, navíc je prasklá. Prosím o výměnu.",
    "zh": "我的包裹还没有到,我非常失望,请退款。",
    "none": "",
}


def walked(text: str, **changed: Any) -> Any:
    """Everything the line makes of a ticket with *text*, as plain JSON values."""
    messages = (Message("m1", Author.REQUESTER, text, NOW - timedelta(hours=2)),)
    ticket = Ticket("7", "Order A-20418", messages, NOW - timedelta(hours=2), Requester(name="Dana Reed"))
    connection = replace(Connection("conn_1", "acct", "memory", "shop", None), **changed)
    return codec.dump(think("case_1", connection, (find_pack("starter"),), ticket, Earlier(), NOW))


@pytest.mark.parametrize("language", TEXTS)
def test_the_same_ticket_gives_the_same_bytes(language: str) -> None:
    first, second = (json.dumps(walked(TEXTS[language])) for _ in range(2))
    assert first == second


def test_another_process_gives_the_same_bytes_too() -> None:
    """Sets and dictionaries in another order of hashing must not show."""
    script = (
        "import importlib.util, json, hashlib\n"
        f"spec = importlib.util.spec_from_file_location('lines', {__file__!r})\n"
        "lines = importlib.util.module_from_spec(spec); spec.loader.exec_module(lines)\n"
        "print(hashlib.sha256(json.dumps([lines.walked(t) for t in lines.TEXTS.values()]).encode()).hexdigest())\n"
    )
    path = ":".join(filter(None, sys.path))
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONHASHSEED": "4242"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    here = sha256(json.dumps([walked(text) for text in TEXTS.values()]).encode()).hexdigest()
    assert done.stdout.strip() == here


def test_the_note_is_in_the_staffs_time_zone() -> None:
    """Half past eleven at night in UTC is past midnight in Stockholm: the deadline of a call is said in their time."""
    grave = "The heater began to smoke, the plug melted and my husband burned his hand. He was treated at the hospital."
    in_utc = walked(grave)["note"]["text"].splitlines()[0]
    in_stockholm = walked(grave, options={"timezone": "Europe/Stockholm"})["note"]["text"].splitlines()[0]
    assert "UTC" in in_utc
    assert "UTC" not in in_stockholm
    assert in_utc != in_stockholm


async def test_a_ticket_that_came_with_its_event_is_not_fetched(event: HAPPENED, ticket: Callable[..., Ticket]) -> None:
    old, new = ticket("old"), ticket("old", "new")
    events = [event(at=NOW, ticket=new), event(at=NOW - timedelta(hours=1), ticket=old), event(at=NOW)]
    assert await gather(MemoryDesk(MemoryHelpdesk()), "7", events) is new


async def test_a_ticket_that_did_not_is_fetched_as_it_stands_now(event: HAPPENED) -> None:
    memory = MemoryHelpdesk()
    memory.write("7", "first")
    memory.write("7", "second")
    found = await gather(MemoryDesk(memory), "7", [event()])
    assert [message.text for message in found.messages] == ["first", "second"]


async def test_a_ticket_that_is_not_committed_yet_is_said_to_be_so(event: HAPPENED) -> None:
    with pytest.raises(TicketNotVisible):
        await gather(MemoryDesk(MemoryHelpdesk()), "7", [event()])


def read(memory: MemoryHelpdesk, body: bytes, connection: Connection) -> TicketEvent | Ignored:
    return receive(memory, Delivery("shop", (), body, NOW), connection)


def test_our_own_writing_is_no_event(connection: Connection) -> None:
    memory = MemoryHelpdesk()
    theirs = memory.write("7", "It is broken")
    ours = memory.write("7", "what to do", Author.BOT, public=False)
    assert isinstance(read(memory, theirs, connection), TicketEvent)
    found = read(memory, ours, connection)
    assert isinstance(found, Ignored)
    assert found.code == "own"


def test_what_cannot_be_read_is_raised_and_what_is_not_ours_to_read_is_passed_on(connection: Connection) -> None:
    with pytest.raises(Unreadable):
        read(MemoryHelpdesk(), b"<xml/>", connection)
    assert isinstance(read(MemoryHelpdesk(), b'{"message": "99"}', connection), Ignored)


@pytest.mark.parametrize("kind", EventKind)
@pytest.mark.parametrize("author", Author)
def test_only_what_the_customer_writes_is_work(event: HAPPENED, kind: EventKind, author: Author) -> None:
    wanted = author is Author.REQUESTER and kind in (EventKind.CREATED, EventKind.REPLIED)
    assert wants_work(event(kind, author)) is wanted


def test_an_observation_says_what_and_when_and_quotes_nobody(event: HAPPENED, ticket: Callable[..., Ticket]) -> None:
    private = ticket("my password is hunter2")
    seen = observe("case_1", event(EventKind.RATED, value="4", ticket=private, author_id="dana@example.com"))
    assert (seen.case_id, seen.what, seen.value) == ("case_1", "ticket.rated", "4")
    assert "hunter2" not in repr(seen)
    assert "dana" not in repr(seen)
