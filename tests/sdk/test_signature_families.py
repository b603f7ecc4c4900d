"""Every family of signatures: accepts its own, refuses the rest with one error, in the same time."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk_recovery.sdk import Delivery, DeliveryRejected, signatures
from helpdesk_recovery.sdk.testing.hostile import hostile_values

SECRET = "desk-secret-77c1e0b94a2f6d"
OTHER = "next-secret-1f08d25e9ab47c"
NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
BODY = b'{"test": 2432232314}'


def delivery(body: bytes, *headers: dict[str, str] | tuple[str, str]) -> Delivery:
    pairs = [pair for one in headers for pair in (one.items() if isinstance(one, dict) else [one])]
    return Delivery("shop", tuple(pairs), body, NOW)


Verify = Callable[[Delivery], object]
TIMESTAMPED = {"signature": "x-signature", "timestamp": "x-timestamp"}
FAMILIES: dict[str, tuple[Verify, dict[str, str]]] = {
    "standard": (
        lambda d: signatures.verify_standard(d, [SECRET, OTHER], NOW),
        signatures.sign_standard(OTHER, "msg_1", NOW, BODY),
    ),
    "timestamped": (
        lambda d: signatures.verify_timestamped(d, [SECRET, OTHER], NOW, **TIMESTAMPED),
        signatures.sign_timestamped(OTHER, NOW, BODY, **TIMESTAMPED),
    ),
    "body, hex": (
        lambda d: signatures.verify_body(d, [SECRET, OTHER], header="x", algorithm="sha1", label="sha1="),
        signatures.sign_body(OTHER, BODY, header="x", algorithm="sha1", label="sha1="),
    ),
    "body, base64": (
        lambda d: signatures.verify_body(d, [SECRET, OTHER], header="x", encode=signatures.base64_text),
        signatures.sign_body(OTHER, BODY, header="x", encode=signatures.base64_text),
    ),
    "bearer": (lambda d: signatures.verify_token(d, [SECRET, OTHER]), signatures.sign_token(OTHER)),
    "token": (
        lambda d: signatures.verify_token(d, [SECRET, OTHER], header="x-token", scheme=""),
        signatures.sign_token(OTHER, header="x-token", scheme=""),
    ),
    "basic": (
        lambda d: signatures.verify_basic(d, [SECRET, OTHER], user="desk"),
        signatures.sign_basic(OTHER, user="desk"),
    ),
}
SIGNING = ["standard", "timestamped", "body, hex", "body, base64"]
each_family = pytest.mark.parametrize("family", FAMILIES)


class TestEveryFamily:
    @each_family
    def test_accepts_what_it_signed(self, family: str) -> None:
        verify, made = FAMILIES[family]
        verify(delivery(BODY, made, ("x-other", "\udcff")))

    @each_family
    def test_refuses_hostile_headers(self, family: str) -> None:
        verify, made = FAMILIES[family]
        for name, good in made.items():
            for value in hostile_values(good):
                with pytest.raises(DeliveryRejected):
                    verify(delivery(BODY, {**made, name: value}))

    @each_family
    def test_what_is_no_visible_ascii_or_too_long_is_malformed(self, family: str) -> None:
        verify, made = FAMILIES[family]
        for name, good in made.items():
            for value in (good + "\udcff", good + "\0", good + "é", good + "A" * 2048):
                with pytest.raises(DeliveryRejected) as caught:
                    verify(delivery(BODY, {**made, name: value}))
                assert caught.value.reason == "malformed"

    @each_family
    def test_refuses_missing_and_doubled(self, family: str) -> None:
        verify, made = FAMILIES[family]
        for name, value in made.items():
            with pytest.raises(DeliveryRejected) as caught:
                verify(delivery(BODY, {key: kept for key, kept in made.items() if key != name}))
            assert caught.value.reason == "unsigned"
            with pytest.raises(DeliveryRejected) as caught:
                verify(delivery(BODY, made, (name, value)))
            assert caught.value.reason == "doubled"

    @pytest.mark.parametrize("family", SIGNING)
    def test_refuses_another_body(self, family: str) -> None:
        verify, made = FAMILIES[family]
        for body in (BODY + b" ", BODY[:-1], b"", b"\xff\xfe"):
            with pytest.raises(DeliveryRejected) as caught:
                verify(delivery(body, made))
            assert caught.value.reason == "wrong"

    @pytest.mark.parametrize("family", SIGNING)
    def test_a_missing_header_takes_as_long_as_a_wrong_one(self, family: str) -> None:
        """Otherwise the time of a 401 tells how far a forgery got."""
        verify, made = FAMILIES[family]
        big = b"x" * 8_000_000
        wrong = _seconds(verify, delivery(big, made))
        missing = _seconds(verify, delivery(big))
        assert wrong / 3 < missing < wrong * 3

    @pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
    def test_a_scheme_is_read_in_any_case(self, scheme: str) -> None:
        signatures.verify_token(delivery(BODY, ("authorization", f"{scheme} {SECRET}")), [SECRET])
        for glued in (f"{scheme}{SECRET}", f"{scheme}  {SECRET}", SECRET):
            with pytest.raises(DeliveryRejected):
                signatures.verify_token(delivery(BODY, ("authorization", glued)), [SECRET])

    def test_basic_is_for_one_user(self) -> None:
        made = signatures.sign_basic(SECRET, user="somebody")
        with pytest.raises(DeliveryRejected) as caught:
            signatures.verify_basic(delivery(BODY, made), [SECRET], user="desk")
        assert caught.value.reason == "wrong"

    def test_an_empty_secret_opens_nothing(self) -> None:
        empty = hashlib.sha256(b"").hexdigest()
        for made in (signatures.sign_basic("", user="desk"), {"authorization": "Basic "}, {"authorization": empty}):
            with pytest.raises(DeliveryRejected):
                signatures.verify_basic(delivery(BODY, made), [""], user="desk")
        with pytest.raises(DeliveryRejected):
            signatures.verify_body(delivery(BODY, signatures.sign_body("", BODY, header="x")), [""], header="x")

    @given(st.lists(st.tuples(st.sampled_from(["x", "authorization", *signatures.STANDARD_HEADERS]), st.text())))
    def test_nothing_but_delivery_rejected(self, headers: list[tuple[str, str]]) -> None:
        for verify, _ in FAMILIES.values():
            with pytest.raises(DeliveryRejected):
                verify(delivery(BODY, *headers))


def _seconds(verify: Verify, refused: Delivery) -> float:
    times = []
    for _ in range(7):
        began = time.process_time()
        with pytest.raises(DeliveryRejected):
            verify(refused)
        times.append(time.process_time() - began)
    return median(times)
