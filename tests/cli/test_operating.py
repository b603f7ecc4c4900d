"""The day's commands: the database, the kill switch, offers, and the first minutes of an operator."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from helpdesk_recovery.sdk.signatures import sign_standard
from helpdesk_recovery.storage import switch
from helpdesk_recovery.storage.database import open_database

SECRET = "kWq81-fYzMexo2JdT5uHvBn0RcLaPs3G"
BROKEN = "The kettle I ordered arrived broken, and I am very disappointed. I want a replacement, please."


def why_paused(url: str) -> str | None:
    async def read() -> str | None:
        database = open_database(url)
        found = await database.read(switch.why)
        await database.close()
        return found

    return asyncio.run(read())


def test_the_tables_are_made_once_and_status_says_so(empty_terminal: Any) -> None:
    before = empty_terminal.run("database", "status")
    assert before.code == 1
    assert "none (empty)" in before.out
    assert "database upgrade" in before.err
    made = empty_terminal.works("database", "upgrade")
    assert made == empty_terminal.works("database", "upgrade")
    assert "this version needs" in empty_terminal.works("database", "status")


def test_the_kill_switch_is_thrown_and_lifted(terminal: Any) -> None:
    assert "effects resume" in terminal.works("effects", "pause")
    assert why_paused(terminal.database_url) == "paused by the operator"
    assert terminal.run("doctor").code == 1
    terminal.works("effects", "resume")
    assert why_paused(terminal.database_url) is None
    terminal.works("effects", "resume")
    terminal.works("doctor")


def test_an_offer_that_is_not_there_is_said_with_where_to_look(terminal: Any) -> None:
    assert "outcome" in terminal.works("offer", "list")
    assert "helpdesk-recovery offer list" in terminal.refuses("offer", "show", "HR-NONE")


def test_a_demo_of_something_else_names_those_there_are(terminal: Any) -> None:
    assert "django_helpdesk, request_tracker" in terminal.refuses("demo", "--helpdesk", "zendesk")


def test_assess_wants_a_text_or_lines(terminal: Any) -> None:
    assert "--jsonl" in terminal.refuses("assess")
    shown = terminal.works("assess", BROKEN)
    assert "complaint" in shown
    assert "Because of" in shown


@pytest.mark.parametrize(
    ("host", "words"), [("127.0.0.1", "address already in use"), ("host.invalid", "Choose another --port or --host")]
)
def test_a_place_that_cannot_be_listened_on_is_said(terminal: Any, host: str, words: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = terminal.refuses("serve", "--host", host, "--port", str(taken.getsockname()[1]))
    assert words in told
    assert "Cannot listen on" in told


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[str]:
    """Run ``serve`` as its own process; yield its URL, and end it with SIGTERM as systemd does."""
    process = subprocess.Popen(
        [sys.executable, "-m", "helpdesk_recovery", "serve", "--port", "0"],
        env={**environment, "PYTHONPATH": ":".join(filter(None, sys.path))},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().split(" on ")[1].strip()
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        process.stdout.close()  # type: ignore[union-attr]


def record(path: Path, body: dict[str, Any], message_id: str) -> None:
    """Write a delivery down as the desk would send it now."""
    raw = json.dumps(body).encode()
    headers = sign_standard(SECRET, message_id, datetime.now(UTC), raw)
    path.write_bytes("".join(f"{name}: {value}\r\n" for name, value in headers.items()).encode() + b"\r\n" + raw)


def opened(ticket: str, text: str) -> dict[str, Any]:
    at = datetime.now(UTC).isoformat()
    message = {"id": f"{ticket}-1", "author": "requester", "text": text, "created_at": at}
    requester = {"name": "Dana Reed", "email": "dana@example.com"}
    whole = {"id": ticket, "subject": "Kettle", "requester": requester, "messages": [message]}
    return {"type": "ticket.created", "timestamp": at, "data": {"ticket": whole, "message_id": f"{ticket}-1"}}


def eventually(look: Any, words: str) -> str:
    """Type a command again until *words* stand in its answer, for a minute at most."""
    told, end = "", time.monotonic() + 60
    while words not in told and time.monotonic() < end:
        told = str(look())
    assert words in told
    return told


def test_the_first_minutes_from_an_empty_folder_to_an_offer(empty_terminal: Any, tmp_path: Path) -> None:
    """Nothing but commands: tables, connection, service, a delivery, its offer, and a delivery that nobody can read."""
    terminal, good, bad = empty_terminal, tmp_path / "good.http", tmp_path / "bad.http"
    terminal.works("database", "upgrade")
    terminal.connect("shop", "--timezone", "Europe/Stockholm")
    with serving(terminal.environment) as url:
        record(good, opened("7", BROKEN), "msg_1")
        assert terminal.works("send", str(good), f"{url}/webhooks/standard/shop").startswith("202")
        assert terminal.works("send", str(good), f"{url}/webhooks/standard/shop").startswith("202")
        refused = terminal.run("send", str(good), f"{url}/webhooks/standard/other")
        assert (refused.code, refused.out[:3]) == (1, "404")
        listed = eventually(lambda: terminal.works("offer", "list"), "HR-")
        record(bad, {"type": 7}, "msg_2")
        terminal.works("send", str(bad), f"{url}/webhooks/standard/shop")
        eventually(lambda: terminal.works("delivery", "list", "--state", "quarantined"), "quarantined")
    (row,) = [line for line in listed.splitlines() if "HR-" in line]
    reference = row.split()[0]
    shown = terminal.works("offer", "show", reference.lower())
    assert f"Ref {reference}" in shown
    assert "Note: withheld (shadow)" in shown
    assert "Policy starter version" in shown
    found = terminal.run("doctor")
    assert found.code == 1
    assert "delivery replay del_" in found.out
