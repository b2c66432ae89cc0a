"""The release token says what it says, about these bytes, and to nobody else's key."""

import hashlib
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from photogate.database import new_id
from photogate.errors import Conflict
from photogate.releases.token import ReleaseClaims, ReleaseRefused, Signer, SigningKeyMissing, new_key, verify

PHOTO = b"the approved bytes"


@pytest.fixture
def key(tmp_path):
    path = tmp_path / "release.pem"
    new_key(path)
    return path


@pytest.fixture
def public_key(key):
    return key.with_suffix(".pub.pem").read_bytes()


@pytest.fixture
def claims():
    now = datetime.now(UTC).replace(microsecond=0)
    return ReleaseClaims(
        release_id=new_id(),
        application_id=new_id(),
        photo_sha256=hashlib.sha256(PHOTO).hexdigest(),
        decision_id=new_id(),
        models={"student@1": "ab" * 32},
        policy="default@1",
        issued_at=now,
        expires_at=now + timedelta(hours=1),
    )


def test_a_genuine_token_says_what_was_signed(key, public_key, claims):
    assert verify(Signer.load(key).sign(claims), PHOTO, public_key) == claims


def test_one_other_byte_does_not_print(key, public_key, claims):
    with pytest.raises(ReleaseRefused, match="bytes differ"):
        verify(Signer.load(key).sign(claims), PHOTO + b"!", public_key)


def test_an_expired_token_does_not_print(key, public_key, claims):
    old = replace(claims, expires_at=datetime.now(UTC) - timedelta(seconds=1))
    with pytest.raises(ReleaseRefused, match="expired"):
        verify(Signer.load(key).sign(old), PHOTO, public_key)


def test_another_key_does_not_print(key, claims, tmp_path):
    other = new_key(tmp_path / "other.pem").read_bytes()
    with pytest.raises(ReleaseRefused, match="not signed with this key"):
        verify(Signer.load(key).sign(claims), PHOTO, other)


def test_a_token_signed_with_the_public_key_as_a_shared_secret_does_not_print(public_key):
    header = {"alg": "HS256", "typ": "JWT"}
    payload = {"photo_sha256": hashlib.sha256(PHOTO).hexdigest()}
    forged = jwt.PyJWS().encode(str(payload).encode(), hashlib.sha256(public_key).digest(), "HS256", header)
    with pytest.raises(ReleaseRefused, match="malformed"):
        verify(forged, PHOTO, public_key)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "…", "eyJhbGciOiJub25lIn0.e30."])
def test_nonsense_is_refused_in_one_sentence(token, public_key):
    with pytest.raises(ReleaseRefused, match="malformed"):
        verify(token, PHOTO, public_key)


def test_a_file_that_is_no_key_is_refused(key, claims, tmp_path):
    with pytest.raises(ReleaseRefused, match="public key"):
        verify(Signer.load(key).sign(claims), PHOTO, b"not a key")
    with pytest.raises(SigningKeyMissing):
        Signer.load(tmp_path / "nowhere.pem")


def test_a_signing_key_is_private_and_never_replaced(key):
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with pytest.raises(Conflict, match="never replaced"):
        new_key(key)
