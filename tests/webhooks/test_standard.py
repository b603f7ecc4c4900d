"""The helpdesk of home-made desks: the contract, and what is its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from aiohttp import web

from helpdesk_recovery.sdk import Delivery, DeliveryRejected, Helpdesk
from helpdesk_recovery.sdk.signatures import sign_standard
from helpdesk_recovery.sdk.testing import FakeHelpdesk, HelpdeskContract, Wrote
from helpdesk_recovery_webhooks import standard

SECRET = "standard-desk-5b1c9d7e2f80a"


class HomeMadeDesk:
    """A desk as the README asks for it: it checks the signature and drops a webhook-id that it knows."""

    ticket_id = "4711"
    base_path = "/recovery"

    def __init__(self) -> None:
        self._seen: dict[str, Wrote] = {}

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        return [web.post(self.base_path, self._take)]

    def written(self) -> Sequence[Wrote]:
        return list(self._seen.values())

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = tuple((name.lower(), value) for name, value in request.headers.items())
        delivery = Delivery("", headers, body, datetime.now().astimezone())
        try:
            message_id = standard.HELPDESK.verify(delivery, [SECRET], delivery.received_at)
        except DeliveryRejected:
            return web.json_response({}, status=401)
        event = await request.json()
        if event["type"] != "ping":
            assert message_id is not None
            wrote = Wrote(event["data"]["text"], public=event["type"] == "reply.add")
            self._seen.setdefault(message_id, wrote)
        return web.json_response({"id": message_id})


class TestStandard(HelpdeskContract):
    helpdesk: Helpdesk = standard.HELPDESK
    folder = Path(standard.__file__).parent
    secret = SECRET
    can_be_asked = False

    def sign(self, headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> Mapping[str, str]:
        message_id = headers.get("webhook-id", "evt_1")
        return {**headers, **sign_standard(secret, message_id, now, body)}

    def fake(self) -> FakeHelpdesk:
        return HomeMadeDesk()

    def disguise(self, body: bytes) -> bytes:
        return body.replace(b'"author": "bot"', b'"author": "agent"')
