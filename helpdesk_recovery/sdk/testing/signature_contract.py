"""The contract's part on signatures: DeliveryRejected, and nothing else, for all that is not authentic."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from helpdesk_recovery.domain.delivery import Delivery
from helpdesk_recovery.errors import DeliveryRejected
from helpdesk_recovery.sdk.testing.hostile import hostile_values
from helpdesk_recovery.sdk.testing.recorded import Recorded
from helpdesk_recovery.sdk.testing.subject import HelpdeskSubject

_OTHER = "another-secret-4f0c2b9a7d1e8"


class SignatureContract(HelpdeskSubject):
    """What a helpdesk's ``verify`` must do."""

    def test_accepts_its_own_signature(self, recorded: Recorded) -> None:
        delivery = self.delivery(recorded)
        first = self.helpdesk.verify(delivery, [self.secret], self.now)
        assert self.helpdesk.verify(delivery, [self.secret], self.now) == first
        assert first is None or first != ""

    def test_accepts_either_of_two_live_secrets(self, recorded: Recorded) -> None:
        for secret in (self.secret, _OTHER):
            delivery = self.signed(recorded.body, dict(recorded.headers), secret=secret)
            self.helpdesk.verify(delivery, [_OTHER, self.secret], self.now)

    def test_refuses_another_secret(self, recorded: Recorded) -> None:
        delivery = self.signed(recorded.body, dict(recorded.headers), secret=_OTHER)
        self._refuses(delivery)

    def test_refuses_when_it_has_no_secret(self, recorded: Recorded) -> None:
        for secrets in ([], [""], [" "]):
            self._refuses(self.delivery(recorded), secrets)
            forged = self.signed(recorded.body, dict(recorded.headers), secret="".join(secrets))
            self._refuses(forged, secrets)

    def test_refuses_a_changed_body(self, recorded: Recorded) -> None:
        if not self.signs_body:
            pytest.skip("this helpdesk cannot sign what it sends")
        body = recorded.body
        middle = len(body) // 2
        flipped = body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]
        for changed in (flipped, body + b" ", b" " + body, body[:-1], body[1:], b"", b"\xff", body + body):
            self._refuses(dataclasses.replace(self.delivery(recorded), body=changed))

    def test_refuses_a_missing_header(self, recorded: Recorded) -> None:
        for name in self.auth_headers():
            self._refuses(self._changed(recorded, name, []))
        self._refuses(dataclasses.replace(self.delivery(recorded), headers=()))

    def test_refuses_a_doubled_header(self, recorded: Recorded) -> None:
        for name in self.auth_headers():
            good = self._good(recorded, name)
            for doubled in ([good, good], [good, "x"], ["x", good], [good, ""], ["", good]):
                self._refuses(self._changed(recorded, name, doubled))

    def test_refuses_malformed_headers(self, recorded: Recorded) -> None:
        for name in self.auth_headers():
            values = hostile_values(self._good(recorded, name))
            assert len(values) >= 60
            for value in values:
                self._refuses(self._changed(recorded, name, [value]), note=f"{name}: {value[:60]!r}")

    def test_refuses_an_old_and_a_future_signature(self, recorded: Recorded) -> None:
        if not self.signs_time:
            pytest.skip("this helpdesk signs no time")
        for seconds in (-301, 301, -86400, 86400 * 365):
            self._refuses(self._at(recorded, self.now + timedelta(seconds=seconds)))

    def test_accepts_a_signature_within_five_minutes(self, recorded: Recorded) -> None:
        for seconds in (-299, 0, 299):
            delivery = self._at(recorded, self.now + timedelta(seconds=seconds))
            self.helpdesk.verify(delivery, [self.secret], self.now)

    def test_survives_hostile_headers_that_sign_nothing(self, recorded: Recorded) -> None:
        good = self.delivery(recorded)
        for name in sorted({key for key, _ in good.headers} - set(self.auth_headers())):
            for value in hostile_values(good.header(name) or ""):
                self._rejects_or_accepts(self._changed(recorded, name, [value]))

    def _at(self, recorded: Recorded, at: datetime) -> Delivery:
        return self.signed(recorded.body, dict(recorded.headers), at=at)

    def _good(self, recorded: Recorded, name: str) -> str:
        value = self.delivery(recorded).header(name)
        assert value, f"sign() must set {name} whatever headers it is given"
        return value

    def _changed(self, recorded: Recorded, name: str, values: Sequence[str]) -> Delivery:
        good = self.delivery(recorded)
        kept = tuple(pair for pair in good.headers if pair[0] != name)
        return dataclasses.replace(good, headers=(*kept, *((name, value) for value in values)))

    def _rejects_or_accepts(self, delivery: Delivery) -> None:
        try:
            self.helpdesk.verify(delivery, [self.secret], self.now)
        except DeliveryRejected:
            return

    def _refuses(self, delivery: Delivery, secrets: Sequence[str] | None = None, note: str = "") -> None:
        try:
            self.helpdesk.verify(delivery, [self.secret] if secrets is None else secrets, self.now)
        except DeliveryRejected as refusal:
            assert refusal.reason
            return
        pytest.fail(f"accepted a delivery that is not authentic {note}")
