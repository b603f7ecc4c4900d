"""Good tokens pass, every bad one is refused with BadToken and nothing else."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode, urlsafe_b64decode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jose.backends.native import HMACKey as NativeKey

from helpdesk_recovery.errors import ConfigurationInvalid
from helpdesk_recovery.tokens.bad import BadToken
from helpdesk_recovery.tokens.door import Door, require_cryptography

Forged = Callable[[Any], Any]
PUBLIC = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
CURVE = ec.generate_private_key(ec.SECP256R1()).public_key()
PEM = PUBLIC.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
DER = PUBLIC.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
CURVE_DER = CURVE.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
OPENSSH = PUBLIC.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
SEVEN = ("iss", "aud", "sub", "jti", "iat", "nbf", "exp")


def signed_as(**header: object) -> Forged:
    return lambda f: f.token(header=f.header(**header))


def saying(**claims: Any) -> Forged:
    return lambda f: f.token(claims=f.claims(**claims))


def at(**offsets: int) -> Forged:
    return lambda f: f.token(claims=f.claims(**{name: f.seconds + offset for name, offset in offsets.items()}))


def raw_claims(text: str) -> Forged:
    return lambda f: f.token(claims=json.dumps(f.claims())[:-1].encode() + text.encode() + b"}")


def under(key: bytes) -> Forged:
    return lambda f: f.token(key=key)


def altered(change: Callable[[str], Any]) -> Forged:
    return lambda f: change(f.token())


def next_letter(token: str) -> str:
    """Change the last letter in its two spare bits only: the same bytes, another text."""
    return token[:-1] + chr(ord(token[-1]) + 1)


BAD: dict[str, Forged] = {
    # algorithm
    **{f"alg {alg!r}": signed_as(alg=alg) for alg in ("none", "None", "NONE", "nOnE", "", None, "hs256", "HS384")},
    **{f"alg {alg!r}": signed_as(alg=alg) for alg in ("HS512", "RS256", "ES256", "EdDSA", "dir", 5, True)},
    "alg list": signed_as(alg=["HS256"]),
    "alg object": signed_as(alg={"a": 1}),
    "alg none, no signature": lambda f: f.token(header=f.header(alg="none")).rsplit(".", 1)[0] + ".",
    "alg missing": lambda f: f.token(header={"typ": f.kind.name}),
    "HS512 signature": lambda f: f.token(header=f.header(alg="HS512"), digest=hashlib.sha512),
    "sha512 under HS256": lambda f: f.token(digest=hashlib.sha512),
    # key
    "another key": under(b"x" * 32),
    "empty key": under(b""),
    "one letter key": under(b"k"),
    "the secret key itself": lambda f: f.token(key=f.secret_key.encode()),
    "RSA public key, PEM": under(PEM),
    "RSA public key, DER": under(DER),
    "RSA public key, base64 of DER": under(b64encode(DER)),
    "RSA public key, OpenSSH": under(OPENSSH),
    "EC public key, DER": under(CURVE_DER),
    "another kind's token": lambda f: f.token(key=f.key_of("accept+jwt"), header=f.header(typ="accept+jwt")),
    "another kind's key": lambda f: f.token(key=f.key_of("accept+jwt")),
    # header
    "typ JWT": signed_as(typ="JWT"),
    "typ of another kind": signed_as(typ="accept+jwt"),
    "typ null": signed_as(typ=None),
    "typ list": signed_as(typ=["test+jwt"]),
    "typ missing": lambda f: f.token(header={"alg": "HS256"}),
    "crit": signed_as(crit=["x"], x=1),
    "b64 false": signed_as(b64=False),
    "jwk": signed_as(jwk={"kty": "oct", "k": "AA"}),
    "jku": signed_as(jku="https://example.com/keys"),
    "zip": signed_as(zip="DEF"),
    "cty": signed_as(cty="JWT"),
    "kid number": signed_as(kid=7),
    "header list": lambda f: f.token(header=[1]),
    "header text": lambda f: f.token(header="x"),
    "header not UTF-8": lambda f: f.token(header=b'{"alg":"\xff"}'),
    "deep header": lambda f: f.token(header=b"[" * 1200),
    "deep header in an object": lambda f: f.token(header=b'{"alg":' + b"[" * 1000),
    # claims
    **{f"no {name}": saying(without=name) for name in SEVEN},
    **{f"{name} null": saying(**{name: None}) for name in SEVEN},
    **{f"{name} list": saying(**{name: [1]}) for name in SEVEN},
    **{f"{name} object": saying(**{name: {}}) for name in SEVEN},
    **{f"{name} number": saying(**{name: 1}) for name in ("iss", "aud", "sub", "jti")},
    **{f"{name} empty": saying(**{name: ""}) for name in ("iss", "aud", "sub", "jti")},
    **{f"{name} true": saying(**{name: True}) for name in ("iat", "nbf", "exp")},
    **{f"{name} text": saying(**{name: "1772366401"}) for name in ("iat", "nbf", "exp")},
    **{f"{name} fraction": saying(**{name: 1772366401.5}) for name in ("iat", "nbf", "exp")},
    **{f"{name} huge": saying(**{name: 10**20}) for name in ("iat", "nbf", "exp")},
    **{f"{name} infinite": raw_claims(f',"{name}":1e999') for name in ("iat", "nbf", "exp")},
    **{f"{name} NaN": raw_claims(f',"{name}":NaN') for name in ("iat", "nbf", "exp")},
    "exp negative": saying(exp=-1),
    "iat very negative": saying(iat=-(10**18)),
    "aud list with us": saying(aud=["the/audience", "other"]),
    "aud list of us": saying(aud=["the/audience"]),
    "aud other": saying(aud="other"),
    "aud other case": saying(aud="The/Audience"),
    "iss other": saying(iss="someone"),
    "iss list with us": saying(iss=["helpdesk-recovery"]),
    "at_hash": saying(at_hash="x"),
    "claims list": lambda f: f.token(claims=[1]),
    "claims text": lambda f: f.token(claims="x"),
    "claims not UTF-8": lambda f: f.token(claims=b'{"a":"\xff"}'),
    "claims not JSON": lambda f: f.token(claims=b"{"),
    "deep claims": lambda f: f.token(claims=b'{"a":' + b"[" * 1000),
    # time
    "exp is now": at(iat=-60, nbf=-60, exp=0),
    "exp a second ago": at(iat=-60, nbf=-60, exp=-1),
    "iat a day ahead": at(iat=86_400, nbf=0, exp=86_460),
    "iat 31 seconds ahead": at(iat=31, nbf=0, exp=60),
    "nbf 31 seconds ahead": at(nbf=31),
    "nbf tomorrow": at(nbf=86_400),
    "life too long": at(exp=3601),
    "life backwards": at(iat=20, nbf=0, exp=10),
    "life of nothing": at(iat=10, exp=10),
    # text
    "None": lambda f: None,
    "int": lambda f: 5,
    "bytes": lambda f: f.token().encode(),
    "list": lambda f: [f.token()],
    "empty": lambda f: "",
    "two dots": lambda f: "..",
    "one part": lambda f: "a",
    "two parts": lambda f: "a.b",
    "five parts, as JWE": lambda f: "e30.e30.e30.e30.e30",
    "no signature": altered(lambda t: t.rsplit(".", 1)[0] + "."),
    "no signature, two parts": altered(lambda t: t.rsplit(".", 1)[0]),
    "signature cut short": altered(lambda t: t[:-4]),
    "signature of another token": lambda f: f.token().rsplit(".", 1)[0] + "." + f.token(key=b"x").rsplit(".", 1)[1],
    "signature with padding": altered(lambda t: t + "="),
    "signature with spare bits": altered(next_letter),
    "signature with a line break": altered(lambda t: t[:-3] + "\n" + t[-3:]),
    "line break at the end": altered(lambda t: t + "\n"),
    "space in front": altered(lambda t: " " + t),
    "plus and slash": altered(lambda t: t.rsplit(".", 1)[0] + "." + "+/" * 21 + "A"),
    "Bearer in front": altered(lambda t: "Bearer " + t),
    "NUL inside": altered(lambda t: t[:10] + "\0" + t[10:]),
    "letters beyond ASCII": lambda f: "é.é.é",
    "digits beyond ASCII": altered(lambda t: t[:-1] + "٣"),
    "lone surrogate": lambda f: "\ud800.a.b",
    "2049 letters": lambda f: f.token(claims=f.claims(pad="x" * 1350)),
    "64 MB": lambda f: "A." * (32 * 1024 * 1024),
    "64 MB, three parts": lambda f: "A" * (64 * 1024 * 1024) + ".e30.AA",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_token_is_refused(forge: Any, name: str) -> None:
    with pytest.raises(BadToken):
        forge.door().verify(BAD[name](forge), forge.now)


GOOD: dict[str, Forged] = {
    "plain": lambda f: f.token(),
    "with a kid": signed_as(kid="2026"),
    "with another claim": saying(note="x"),
    "made 30 seconds ahead of our clock": at(iat=30, nbf=30, exp=90),
    "in its last second": at(iat=-60, nbf=-60, exp=1),
    "of the longest life": at(exp=3600),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_token_passes(forge: Any, name: str) -> None:
    claims = forge.door().verify(GOOD[name](forge), forge.now)
    assert (claims.subject, claims.token_id) == ("acct_1", "tok_1")


def test_what_we_sign_we_read(forge: Any) -> None:
    token = forge.door().sign("acct_7", "tok_9", forge.now, timedelta(minutes=15))
    claims = forge.door().verify(token, forge.now + timedelta(minutes=14))
    assert (claims.subject, claims.token_id) == ("acct_7", "tok_9")
    assert (claims.issued_at, claims.expires_at) == (forge.now, forge.now + timedelta(minutes=15))


def test_the_clock_that_counts_is_the_one_passed_in(forge: Any) -> None:
    """The same token is early, good and expired, whatever the time on the wall."""
    token = forge.door().sign("acct_7", "tok_9", forge.now, timedelta(minutes=15))
    for moment, reason in ((-timedelta(minutes=1), "early"), (timedelta(minutes=15), "expired")):
        with pytest.raises(BadToken) as refused:
            forge.door().verify(token, forge.now + moment)
        assert refused.value.reason == reason


def test_the_refusal_does_not_tell_why(forge: Any) -> None:
    words = set()
    for name in ("another key", "exp is now", "aud other", "crit", "two dots"):
        with pytest.raises(BadToken) as refused:
            forge.door().verify(BAD[name](forge), forge.now)
        words.add(str(refused.value))
    assert len(words) == 1


@pytest.mark.parametrize(
    "secret_key", ['["", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]', '{"keys": []}' + " " * 30, "true" * 9]
)
def test_a_secret_key_that_looks_like_json_stays_a_secret(forge: Any, secret_key: str) -> None:
    door = Door(secret_key, forge.kind)
    assert door.verify(door.sign("s", "j", forge.now, timedelta(minutes=1)), forge.now).subject == "s"
    for key in (b"", secret_key.encode(), b"a" * 32):
        with pytest.raises(BadToken):
            door.verify(forge.token(key=key), forge.now)


@pytest.mark.parametrize("secret_key", ["", "short", "x" * 31])
def test_a_short_secret_key_is_refused(forge: Any, secret_key: str) -> None:
    with pytest.raises(ConfigurationInvalid, match="SECRET_KEY"):
        Door(secret_key, forge.kind)


@pytest.mark.parametrize("life", [timedelta(0), timedelta(seconds=-1), timedelta(hours=1, seconds=1)])
def test_a_token_of_a_wrong_life_is_not_made(forge: Any, life: timedelta) -> None:
    with pytest.raises(ValueError, match="lives at most"):
        forge.door().sign("s", "j", forge.now, life)


@pytest.mark.parametrize("fallback", [NativeKey, None])
def test_a_fallback_of_python_jose_is_refused(fallback: type | None) -> None:
    with pytest.raises(ConfigurationInvalid, match=r"python-jose\[cryptography\]"):
        require_cryptography(fallback)


def test_the_altered_signature_of_the_table_has_the_same_bytes(forge: Any) -> None:
    """So the variant above is refused for its spelling, not for its bytes."""
    good = forge.token()
    signatures = [urlsafe_b64decode(t.rsplit(".", 1)[1] + "=") for t in (good, next_letter(good))]
    assert signatures[0] == signatures[1]
    assert good != next_letter(good)
