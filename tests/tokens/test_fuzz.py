"""Whatever the text, the header or the claims: a token passes in order, or is refused with BadToken."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from helpdesk_recovery.tokens.bad import BadToken

SEVEN = ("iss", "aud", "sub", "jti", "iat", "nbf", "exp")


@given(st.text(max_size=300) | st.binary(max_size=300))
@example("\ud800.\udfff.a")
def test_any_text_at_all_is_only_refused(forge: Any, token: str | bytes) -> None:
    with pytest.raises(BadToken):
        forge.door().verify(token, forge.now)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(name=st.sampled_from([*SEVEN, "at_hash"]), value=JSON)
def test_a_signed_claim_of_any_shape_passes_or_is_refused(forge: Any, name: str, value: object) -> None:
    """Even with our own signature, nothing but BadToken comes out; what passes has every type right."""
    try:
        claims = forge.door().verify(forge.token(claims=forge.claims(**{name: value})), forge.now)
    except BadToken:
        return
    assert claims.subject and claims.token_id
    assert forge.now < claims.expires_at <= claims.issued_at + forge.kind.max_life


@given(name=st.sampled_from(["alg", "typ", "kid", "crit", "x5c"]), value=JSON)
def test_a_signed_header_of_any_shape_passes_or_is_refused(forge: Any, name: str, value: object) -> None:
    try:
        forge.door().verify(forge.token(header=forge.header(**{name: value})), forge.now)
    except BadToken:
        return
    assert name == "kid" and isinstance(value, str)


@given(st.data())
def test_one_changed_letter_spoils_a_token(forge: Any, data: st.DataObject) -> None:
    """No two texts are the same token, so a token that was used cannot come back in other clothes."""
    good = forge.token()
    place = data.draw(st.integers(0, len(good) - 1))
    letter = data.draw(st.characters().filter(lambda one: one != good[place]))
    with pytest.raises(BadToken):
        forge.door().verify(good[:place] + letter + good[place + 1 :], forge.now)
