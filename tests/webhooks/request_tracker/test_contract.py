"""Request Tracker keeps the contract that every helpdesk keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

import pytest

import helpdesk_recovery_webhooks.request_tracker as folder
from helpdesk_recovery.sdk.signatures import sign_timestamped
from helpdesk_recovery.sdk.testing import FakeHelpdesk, HelpdeskContract


class TestRequestTracker(HelpdeskContract):
    helpdesk = folder.HELPDESK
    folder = Path(folder.__file__).parent
    secret = "Kd3-tests-only-9f27c1b86ae4"
    options: Mapping[str, str] = MappingProxyType({"bot_user": "recoverybot"})
    bot_options = frozenset({"bot_user"})
    token = "1-33-0123456789abcdef"
    new_fake: Callable[[], FakeHelpdesk]

    @pytest.fixture(autouse=True)
    def _fakes(self, new_fake: Callable[[], FakeHelpdesk]) -> None:
        self.new_fake = new_fake

    def fake(self) -> FakeHelpdesk:
        return self.new_fake()

    def sign(self, headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> Mapping[str, str]:
        made = sign_timestamped(secret, now, body, signature="x-rt-signature", timestamp="x-rt-timestamp")
        return {**headers, **made}

    def disguise(self, body: bytes) -> bytes:
        return body.replace(b'"creator":"recoverybot"', b'"creator":"somebody"')
