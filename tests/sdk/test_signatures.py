"""Signatures: the published vectors, the reference library, and everything that must be refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import standardwebhooks
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk_recovery.errors import ConfigurationInvalid
from helpdesk_recovery.sdk import Delivery, DeliveryRejected, signatures
from helpdesk_recovery.sdk.testing.hostile import hostile_values

SECRET = "desk-secret-77c1e0b94a2f6d"
OTHER = "next-secret-1f08d25e9ab47c"
NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
BODY = b'{"test": 2432232314}'


def delivery(body: bytes, *headers: dict[str, str] | tuple[str, str]) -> Delivery:
    pairs = [pair for one in headers for pair in (one.items() if isinstance(one, dict) else [one])]
    return Delivery("shop", tuple(pairs), body, NOW)


class TestPublishedVectors:
    def test_standard_webhooks(self) -> None:
        secret, message_id = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"
        at = datetime.fromtimestamp(1614265330, UTC)
        made = signatures.sign_standard(secret, message_id, at, BODY)
        assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        assert signatures.verify_standard(delivery(BODY, made), [secret], at) == message_id

    def test_github(self) -> None:
        made = signatures.sign_body("It's a Secret to Everybody", b"Hello, World!", header="x-sig", label="sha256=")
        expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
        assert made == {"x-sig": expected}

    def test_rfc_2202_sha1(self) -> None:
        made = signatures.sign_body("Jefe", b"what do ya want for nothing?", header="x", algorithm="sha1")
        assert made == {"x": "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"}

    def test_rfc_7617_basic(self) -> None:
        made = signatures.sign_basic("open sesame", user="Aladdin")
        assert made == {"authorization": "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="}


ids = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="."), min_size=1, max_size=255)


class TestAgainstTheReferenceLibrary:
    @settings(deadline=None)
    @given(key=st.binary(min_size=24, max_size=64), message_id=ids, text=st.text(), skew=st.integers(-300, 300))
    def test_what_it_signs_we_accept_and_sign_alike(self, key: bytes, message_id: str, text: str, skew: int) -> None:
        secret = "whsec_" + signatures.base64_text(key)
        at = NOW + timedelta(seconds=skew)
        theirs = standardwebhooks.Webhook(secret).sign(message_id, at, text)
        ours = signatures.sign_standard(secret, message_id, at, text.encode())
        assert ours["webhook-signature"] == theirs
        assert signatures.verify_standard(delivery(text.encode(), ours), [secret], NOW) == message_id

    def test_what_we_sign_it_accepts(self) -> None:
        secret = "whsec_" + signatures.base64_text(b"k" * 32)
        made = signatures.sign_standard(secret, "msg_1", datetime.now(UTC), BODY)
        assert standardwebhooks.Webhook(secret).verify(BODY, made) == {"test": 2432232314}

    def test_where_it_breaks_we_refuse(self) -> None:
        """Its own errors are WebhookVerificationError; these headers make it raise others."""
        library = standardwebhooks.Webhook("whsec_" + signatures.base64_text(SECRET.encode()))
        broken = 0
        for value in hostile_values("v1," + "A" * 43 + "="):
            made = {**signatures.sign_standard(SECRET, "msg_1", datetime.now(UTC), BODY), "webhook-signature": value}
            try:
                library.verify(BODY, made)
            except standardwebhooks.webhooks.WebhookVerificationError:
                pass
            except Exception:
                broken += 1
            with pytest.raises(DeliveryRejected):
                signatures.verify_standard(delivery(BODY, made), [SECRET], datetime.now(UTC))
        assert broken > 10, "the corpus no longer shows what it was made for"


class TestStandard:
    def made(self, **changes: str) -> dict[str, str]:
        named = {key.replace("_", "-"): value for key, value in changes.items()}
        return {**signatures.sign_standard(SECRET, "msg_1", NOW, BODY), **named}

    def reason(self, *headers: dict[str, str] | tuple[str, str], secrets: tuple[str, ...] = (SECRET,)) -> str:
        with pytest.raises(DeliveryRejected) as caught:
            signatures.verify_standard(delivery(BODY, *headers), secrets, NOW)
        return caught.value.reason

    @pytest.mark.parametrize("name", signatures.STANDARD_HEADERS)
    def test_each_header_comes_exactly_once(self, name: str) -> None:
        missing = {key: value for key, value in self.made().items() if key != name}
        assert self.reason(missing) == "unsigned"
        assert self.reason(self.made(), (name, self.made()[name])) == "doubled"
        assert self.reason(missing, (name, "\udcff")) == "malformed"

    @pytest.mark.parametrize(
        "stamp",
        ["", " ", "+1795273200", "1795273200.9", "1_795_273_200", "1795273200\n", "１７９５", "9" * 13, "-1", "1e9"],
    )
    def test_timestamps_are_digits(self, stamp: str) -> None:
        assert self.reason(self.made(webhook_timestamp=stamp)) in ("malformed", "unsigned")

    @pytest.mark.parametrize("seconds", [-301, 301])
    def test_beyond_the_window_is_stale(self, seconds: int) -> None:
        made = signatures.sign_standard(SECRET, "msg_1", NOW + timedelta(seconds=seconds), BODY)
        assert self.reason(made) == "stale"

    @pytest.mark.parametrize("message_id", ["a.1", "a b", "a\tb", "ü", "x" * 256])
    def test_ids_that_could_be_read_two_ways_are_refused(self, message_id: str) -> None:
        assert self.reason(signatures.sign_standard(SECRET, message_id, NOW, BODY)) == "malformed"

    def test_another_id_or_secret_is_wrong(self) -> None:
        assert self.reason(self.made(webhook_id="msg_2")) == "wrong"
        assert self.reason(self.made(), secrets=(OTHER,)) == "wrong"

    @pytest.mark.parametrize("secrets", [(), ("",), ("  ",), ("whsec_",), ("whsec_%%%",), ("whsec_ü",)])
    def test_without_a_usable_secret_nothing_is_authentic(self, secrets: tuple[str, ...]) -> None:
        assert self.reason(self.made(), secrets=secrets) == "no_secret"

    def test_a_secret_may_be_changed_on_either_side_first(self) -> None:
        mine, next_one = (signatures.sign_standard(one, "msg_1", NOW, BODY) for one in (SECRET, OTHER))
        both = {**mine, "webhook-signature": f"{next_one['webhook-signature']} {mine['webhook-signature']}"}
        for secrets in ((SECRET,), (OTHER,), (OTHER, SECRET)):
            assert signatures.verify_standard(delivery(BODY, both), secrets, NOW) == "msg_1"
        assert signatures.verify_standard(delivery(BODY, mine), (OTHER, SECRET), NOW) == "msg_1"

    def test_a_signature_of_another_kind_may_stand_beside(self) -> None:
        made = self.made()
        made["webhook-signature"] = f"v1a,QUFB {made['webhook-signature']}"
        assert signatures.verify_standard(delivery(BODY, made), [SECRET], NOW) == "msg_1"

    @pytest.mark.parametrize("spoil", ["{0} ", " {0}", "{0}  {0}", "{0},x", "{0} x", "v1a,{0}", "V1,{0}", "{0}="])
    def test_a_good_signature_in_bad_company_is_refused(self, spoil: str) -> None:
        made = self.made()
        made["webhook-signature"] = spoil.format(made["webhook-signature"])
        assert self.reason(made) in ("malformed", "wrong")

    def test_a_second_spelling_of_the_signature_is_refused(self) -> None:
        """The last letter of 32 bytes in base64 has two spare bits that decoding drops."""
        made = self.made()
        text = made["webhook-signature"]
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        twin = letters[letters.index(text[-2]) ^ 1]
        assert self.reason({**made, "webhook-signature": f"{text[:-2]}{twin}="}) == "wrong"

    def test_unpadded_secrets_are_read(self) -> None:
        padded = "whsec_" + signatures.base64_text(b"k" * 25)
        assert signatures.standard_key(padded.rstrip("=")) == signatures.standard_key(padded) == b"k" * 25
        with pytest.raises(ConfigurationInvalid, match="base64"):
            signatures.standard_key("whsec_not base64")
