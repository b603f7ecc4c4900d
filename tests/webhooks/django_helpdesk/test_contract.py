"""The contract of helpdesks, on django-helpdesk: by the URL's password, and by the companion's signature."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

import pytest

import helpdesk_recovery_webhooks.django_helpdesk as django_helpdesk
from helpdesk_recovery.sdk import DeliveryRejected
from helpdesk_recovery.sdk.signatures import sign_basic, sign_timestamped
from helpdesk_recovery.sdk.testing import FakeHelpdesk, HelpdeskContract, Recorded, as_json, golden
from helpdesk_recovery.sdk.testing.signature_contract import SignatureContract
from helpdesk_recovery.sdk.testing.subject import HelpdeskSubject

_AUTHENTICATING = ("authorization", "x-helpdesk-signature", "x-helpdesk-timestamp")


class OnDjangoHelpdesk(HelpdeskSubject):
    helpdesk = django_helpdesk.HELPDESK
    folder = Path(django_helpdesk.__file__).parent
    secret = "a-recorded-secret-for-fixtures-7Qm2"
    options = MappingProxyType({"bot_user": "2"})
    bot_options = frozenset({"bot_user"})
    make_fake: Callable[[], FakeHelpdesk]

    @pytest.fixture(autouse=True)
    def _fake_at_hand(self, new_fake: Callable[[], FakeHelpdesk]) -> None:
        self.make_fake = new_fake

    def fake(self) -> FakeHelpdesk:
        return self.make_fake()

    def disguise(self, body: bytes) -> bytes:
        return body.replace(b'"user": 2,', b'"user": 77,').replace(b'"user":2,', b'"user":77,')


class TestByPassword(OnDjangoHelpdesk, HelpdeskContract):
    signs_body = False
    signs_time = False

    def recorded(self) -> list[Recorded]:
        return [one for one in super().recorded() if not one.name.startswith("signed_")]

    def sign(self, headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> Mapping[str, str]:
        return {**_bare(headers), **sign_basic(secret, user="recovery")}


class TestByCompanion(OnDjangoHelpdesk, SignatureContract):
    def recorded(self) -> list[Recorded]:
        return [one for one in super().recorded() if one.name.startswith("signed_")]

    def test_reads_to_its_golden(self, recorded: Recorded) -> None:
        result = self.read(recorded)
        assert as_json(result) == golden(recorded, result)

    def test_the_password_does_not_save_a_wrong_signature(self, recorded: Recorded) -> None:
        delivery = self.delivery(recorded)
        basic = tuple(sign_basic(self.secret, user="recovery").items())
        forged = tuple(
            (name, "sha256=" + "0" * 64 if "signature" in name else value) for name, value in delivery.headers
        )
        with pytest.raises(DeliveryRejected):
            self.helpdesk.verify(replace(delivery, headers=(*forged, *basic)), [self.secret], self.now)

    def sign(self, headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> Mapping[str, str]:
        names = {"signature": "x-helpdesk-signature", "timestamp": "x-helpdesk-timestamp"}
        return {**_bare(headers), **sign_timestamped(secret, now, body, **names)}


def _bare(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in _AUTHENTICATING}
