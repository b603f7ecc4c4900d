"""Signed deliveries of 4096 bytes for wrk to send: a real ticket event each, no two alike."""

from __future__ import annotations

import base64
import hmac
import json
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

SECRET = "whsec_q0Lr1vYb8mXz3Tn5Ks7Wp9Dd2Fh4Jg6A"
BODY_BYTES = 4096
_KEY = base64.b64decode(SECRET.removeprefix("whsec_"))
_HERE = "@@@@@@@@@@"
_WORDS = "The parcel came with a crushed corner and the screen inside is cracked. Nobody has answered me so far. "


def write_pool(path: Path, count: int) -> None:
    """Write *count* deliveries signed now: two lines of body around its number, then id, time and signature each.

    A signature is good for five minutes, so every round has a pool of its own.
    """
    head, tail = _body()
    stamp, batch = str(int(time.time())), uuid4().hex[:12]
    with path.open("w", encoding="ascii") as file:
        file.write(f"{head}\n{tail}\n")
        for number in range(count):
            message_id = f"msg_{batch}_{number}"
            body = f"{head}{_number(batch, number)}{tail}"
            mac = hmac.digest(_KEY, f"{message_id}.{stamp}.{body}".encode(), "sha256")
            signature = base64.b64encode(mac).decode()
            file.write(f"{message_id} {stamp} v1,{signature} {_number(batch, number)}\n")


def _number(batch: str, number: int) -> str:
    """Return a ticket number that no other delivery has, always of the same length."""
    return f"{batch}-{number:07d}"


def _body() -> tuple[str, str]:
    """Return what stands before and after the ticket number, together with it BODY_BYTES long."""
    bare = len(json.dumps(_event(""))) - len(_HERE) + len(_number("x" * 12, 0))
    missing = BODY_BYTES - bare
    filling = (_WORDS * (missing // len(_WORDS) + 1))[:missing]
    head, tail = json.dumps(_event(filling)).split(_HERE)
    return head, tail


def _event(text: str) -> dict[str, Any]:
    """Return an event about a ticket with five messages; *text* is the first one's."""
    messages = [
        {"id": str(number), "author": "requester", "created_at": "2026-11-21T20:00:00Z", "text": "" if number else text}
        for number in range(5)
    ]
    ticket = {
        "id": _HERE,
        "subject": "Arrived broken and nobody answers",
        "status": "open",
        "channel": "email",
        "tags": ["refund", "damaged"],
        "requester": {"id": "7781", "name": "Jo Doe", "email": "jo@example.com", "locale": "en-GB"},
        "messages": messages,
    }
    return {"type": "ticket.created", "timestamp": "2026-11-21T20:00:00Z", "data": {"ticket": ticket}}
