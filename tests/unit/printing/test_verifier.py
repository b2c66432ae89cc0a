"""A token prints what it says, on these bytes, in its time, under the issuer's key; everything else is refused."""

import hashlib
import json
from datetime import timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given
from hypothesis import strategies as st

from photogate.database import new_id
from photogate.releases.keys import key_set
from photogate.releases.token import Signer
from printing.verifier import KeySet, Refused, Revoked, Unusable, read_revoked, verify
from tests.unit.printing.issuer import (
    KEY,
    KEYS,
    NOW,
    PHOTO,
    SIGNER,
    claims,
    forged,
    own_key_id,
    part,
    revoked_list,
    rewritten,
    token,
)

STRANGER = Ed25519PrivateKey.generate()


def refused(shown, match, *, photo=PHOTO, keys=KEYS, now=NOW, revoked=None):
    with pytest.raises(Refused, match=match) as caught:
        verify(shown, photo, keys, now=now, revoked=revoked)
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence


def test_a_genuine_token_says_what_was_signed():
    signed = claims()
    found = verify(SIGNER.sign(signed), PHOTO, KEYS, now=NOW)
    assert (found.release_id, found.application_id) == (str(signed.release_id), str(signed.application_id))
    assert (found.photo_sha256, found.decision_id) == (signed.photo_sha256, str(signed.decision_id))
    assert (found.models, found.policy, found.key_id) == (signed.models, signed.policy, SIGNER.key_id)
    assert (found.issued_at, found.expires_at) == (signed.issued_at, signed.expires_at)


@given(st.binary(max_size=40))
@example(PHOTO + b"!")
@example(PHOTO[:-1])
@example(b"")
def test_other_bytes_do_not_print(photo):
    if photo != PHOTO:
        refused(token(), "bytes differ", photo=photo)


@pytest.mark.parametrize(
    ("late", "match"),
    [
        (timedelta(seconds=-61), "clock is more than a minute behind"),
        (timedelta(days=-400), "clock is more than a minute behind"),
        (timedelta(hours=1), "has expired"),
        (timedelta(days=400), "has expired"),
    ],
)
def test_it_prints_in_its_time_only(late, match):
    refused(token(), match, now=NOW + late)


@pytest.mark.parametrize("late", [timedelta(seconds=-60), timedelta(0), timedelta(minutes=59, seconds=59)])
def test_a_clock_may_be_a_minute_behind(late):
    assert verify(token(), PHOTO, KEYS, now=NOW + late)


def test_a_foreign_key_does_not_print():
    foreign = Signer(STRANGER).sign(claims())
    refused(foreign, "not in the key set")
    with_our_name = forged({"alg": "EdDSA", "typ": "photogate-release+jwt", "kid": SIGNER.key_id}, {}, STRANGER)
    refused(with_our_name, "not signed with the issuer's key")


def test_after_a_rotation_both_keys_print_until_the_old_one_is_taken_away():
    rotated = KeySet.parse(key_set([STRANGER.public_key(), KEY.public_key()]))
    for signer in (SIGNER, Signer(STRANGER)):
        assert verify(signer.sign(claims()), PHOTO, rotated, now=NOW).key_id == signer.key_id
    refused(token(), "not in the key set", keys=KeySet.parse(key_set([STRANGER.public_key()])))


def test_a_revoked_release_does_not_print():
    signed = claims()
    shown = SIGNER.sign(signed)
    listed = read_revoked(revoked_list(new_id(), signed.release_id), KEYS, now=NOW)
    refused(shown, "revoked", revoked=listed)
    assert verify(shown, PHOTO, KEYS, now=NOW, revoked=Revoked(frozenset({str(new_id())}), NOW))


@pytest.mark.parametrize(
    ("late", "match"), [(timedelta(hours=24), "list of revoked releases has expired"), (-timedelta(hours=1), "behind")]
)
def test_a_list_is_relied_on_for_a_day(late, match):
    with pytest.raises(Refused, match=match):
        read_revoked(revoked_list(), KEYS, now=NOW + late)


def test_a_token_is_no_list_and_a_list_is_no_token():
    refused(revoked_list(), "another kind")
    with pytest.raises(Refused, match="another kind"):
        read_revoked(token(), KEYS, now=NOW)


@pytest.mark.parametrize(
    ("header", "match"),
    [
        ({"alg": "none"}, "not allowed"),
        ({"alg": "HS256"}, "not allowed"),
        ({"alg": None}, "not allowed"),
        ({"crit": ["exp"]}, "not allowed"),
        ({"typ": "JWT"}, "another kind"),
        ({"typ": "photogate-release-2+jwt"}, "unknown version"),
        ({"kid": None}, "not in the key set"),
        ({"kid": ["x"]}, "not in the key set"),
    ],
)
def test_a_header_that_is_not_ours_is_refused(header, match):
    refused(rewritten(token(), header=header), match)


@pytest.mark.parametrize(
    ("body", "match"),
    [
        ({"version": 2}, "version that this verifier does not know"),
        ({"version": None}, "version that this verifier does not know"),
        ({"iss": "elsewhere"}, "somebody else"),
        ({"aud": "photogate-elsewhere"}, "another purpose"),
        ({"aud": ["photogate-print"]}, "another purpose"),
        ({"exp": None}, "malformed"),
        ({"exp": "soon"}, "malformed"),
        ({"exp": True}, "malformed"),
        ({"exp": 10**40}, "malformed"),
        ({"iat": None}, "malformed"),
        ({"jti": "../../ledger"}, "malformed"),
        ({"sub": None}, "malformed"),
        ({"photo_sha256": "A" * 64}, "malformed"),
        ({"decision": 7}, "malformed"),
        ({"models": []}, "malformed"),
        ({"policy": None}, "malformed"),
    ],
)
def test_claims_that_are_not_ours_are_refused(body, match):
    refused(rewritten(token(), body=body), match)


NONSENSE = ["", "x", "a.b.c", "…", "a.b", "a.b.c.d", "eyJhbGciOiJub25lIn0.e30.", "." * 99, "a" * 30_000]
BROKEN_JSON = [f"{part(header)}.e30.AAAA" for header in ([], b"[", b"[" * 9000, b"\xff")]


@pytest.mark.parametrize("shown", [*NONSENSE, *BROKEN_JSON])
def test_nonsense_is_refused_in_one_sentence(shown):
    refused(shown, "malformed")


def test_the_public_key_is_no_shared_secret():
    header = {"kid": SIGNER.key_id, "typ": "photogate-release+jwt"}
    secret = KEY.public_key().public_bytes_raw()
    refused(jwt.PyJWS().encode(b"{}", hashlib.sha256(secret).digest(), "HS256", header), "not allowed")


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_token_that_was_changed_anywhere_prints_nothing_else(where, how):
    original = token(release_id=claims().release_id)
    shown = bytearray(original.encode())
    shown[where % len(shown)] ^= how
    try:
        found = verify(shown.decode("latin-1"), PHOTO, KEYS, now=NOW)
    except Refused:
        return
    assert found == verify(original, PHOTO, KEYS, now=NOW), "unused bits at the end of the signature may differ"


@given(st.text(max_size=200))
def test_no_text_whatsoever_is_an_error_of_ours(shown):
    with pytest.raises(Refused):
        verify(shown, PHOTO, KEYS, now=NOW)


BROKEN_KEY = {"kty": "OKP", "crv": "Ed25519", "x": "AAAA", "kid": "0000000000000000"}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"keys": 1}', '{"keys": [1]}', json.dumps({"keys": [BROKEN_KEY]}), b"\xff"]
)
def test_a_key_set_that_cannot_be_read_is_said(text):
    with pytest.raises(Unusable, match="key set cannot be read"):
        KeySet.parse(text)


def test_a_key_that_goes_by_the_name_of_another_is_not_taken():
    [key] = json.loads(key_set([STRANGER.public_key()]))["keys"]
    with pytest.raises(Unusable):
        KeySet.parse(json.dumps({"keys": [{**key, "kid": SIGNER.key_id}]}))
    assert own_key_id(STRANGER) == key["kid"]


def test_keys_of_other_kinds_are_passed_over():
    [key] = json.loads(key_set([KEY.public_key()]))["keys"]
    keys = KeySet.parse(json.dumps({"keys": [{"kty": "RSA", "n": "…", "e": "AQAB"}, key]}))
    assert verify(token(), PHOTO, keys, now=NOW)
