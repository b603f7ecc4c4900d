"""Notes and replies → our own signed webhook to the desk."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from helpdesk_recovery.sdk import (
    Check,
    ConfigurationInvalid,
    Connection,
    HelpdeskClient,
    HelpdeskRefused,
    HelpdeskUnavailable,
    Note,
    Polled,
    Ticket,
    WriteUncertain,
    Written,
)
from helpdesk_recovery.sdk.signatures import sign_standard
from helpdesk_recovery_webhooks.standard.wire import WrittenWire

_NO_URL = "there is no URL to write to; `helpdesk-recovery offer show` shows the suggestion"
_ASKED = "this desk cannot be asked for tickets: each of its events carries the whole ticket"


def _now() -> datetime:
    return datetime.now(UTC)


class StandardDesk:
    """A home-made desk that takes our webhooks at the connection's URL, or none without a URL."""

    def __init__(self, connection: Connection, clock: Callable[[], datetime] = _now) -> None:
        self._url = connection.url
        self._secrets = connection.secrets
        self._clock = clock
        self._client = HelpdeskClient(connection.url or "", {})

    async def fetch_ticket(self, ticket_id: str) -> Ticket:
        """Raise HelpdeskRefused: the ticket comes with the event."""
        raise HelpdeskRefused(_ASKED, reason="cannot_ask")

    async def add_note(self, ticket_id: str, note: Note) -> Written:
        """Send ``note.add``; any 2xx means that it is written."""
        return await self._write("note.add", ticket_id, note.reference, {"text": note.text, "html": note.html})

    async def add_reply(self, ticket_id: str, text: str, reference: str) -> Written:
        """Send ``reply.add``; any 2xx means that it is sent to the requester."""
        return await self._write("reply.add", ticket_id, reference, {"text": text})

    async def find_written(self, ticket_id: str, reference: str) -> Written | None:
        """Return None: the desk drops repeats by webhook-id, so that sending again is safe."""
        return None

    async def poll(self, cursor: str | None) -> Polled:
        """Raise HelpdeskRefused: this desk calls us, and calls again."""
        raise HelpdeskRefused(_ASKED, reason="cannot_ask")

    async def recent_tickets(self, last: int) -> tuple[str, ...]:
        """Raise HelpdeskRefused: the desk has no list for us."""
        raise HelpdeskRefused(_ASKED, reason="cannot_ask")

    async def check(self) -> tuple[Check, ...]:
        """Send a signed ``ping``, which changes nothing."""
        if self._url is None:
            return (Check("Notes", True, f"Nothing is written: {_NO_URL}."),)
        body = json.dumps({"type": "ping", "timestamp": self._clock().isoformat(), "data": {}}).encode()
        title = "The desk takes our webhooks"
        try:
            await self._send(f"ping-{secrets.token_hex(12)}", body)
        except (HelpdeskRefused, HelpdeskUnavailable, WriteUncertain) as error:
            return (Check(title, False, f"{error} Answer a signed `ping` with any 2xx at {self._url}."),)
        return (Check(title, True),)

    async def close(self) -> None:
        """Let go of sockets."""
        await self._client.close()

    async def _write(self, kind: str, ticket_id: str, reference: str, words: dict[str, str]) -> Written:
        data = {"ticket_id": ticket_id, **words, "reference": reference}
        event = {"type": kind, "timestamp": self._clock().isoformat(), "data": data}
        message_id = webhook_id(kind, ticket_id, reference)
        answer = await self._send(message_id, json.dumps(event).encode())
        return Written(_written_id(answer) or message_id)

    async def _send(self, message_id: str, body: bytes) -> bytes:
        if self._url is None:
            raise HelpdeskRefused(_NO_URL, reason="no_url")
        return (await self._client.send(self._url, body, self._signed(message_id, body))).body

    def _signed(self, message_id: str, body: bytes) -> dict[str, str]:
        """Sign with every live secret, so that the desk may change over when it likes."""
        at = self._clock()
        try:
            made = [sign_standard(secret, message_id, at, body) for secret in self._secrets]
        except ConfigurationInvalid as error:
            raise HelpdeskRefused(str(error), reason="secret") from None
        if not made:
            raise HelpdeskRefused("there is no secret to sign with; give one in connect", reason="secret")
        return {**made[0], "webhook-signature": " ".join(one["webhook-signature"] for one in made)}


def webhook_id(kind: str, ticket_id: str, reference: str) -> str:
    """Return the idempotency key of one write: the reference, made unique beyond its ticket."""
    parts: list[Any] = [kind, ticket_id, reference]
    return f"{reference}-{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]}"


def _written_id(answer: bytes) -> str | None:
    try:
        return WrittenWire.model_validate_json(answer).id
    except ValidationError:
        return None
