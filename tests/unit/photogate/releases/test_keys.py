"""One key signs, every key that may have signed is published, and none is ever replaced."""

import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from photogate.errors import Conflict
from photogate.releases.keys import SigningKeyMissing, key_id, key_set, new_key, published_keys, signing_key
from printing.verifier import KeySet


@pytest.fixture
def key(tmp_path):
    new_key(tmp_path / "release.pem")
    return tmp_path / "release.pem"


def test_a_signing_key_is_private_and_never_replaced(key):
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    with pytest.raises(Conflict, match="never replaced"):
        new_key(key)


def test_the_signing_key_and_the_further_ones_are_published_each_once(key, tmp_path):
    folder = tmp_path / "published"
    assert published_keys(key, folder) == [signing_key(key).public_key()]
    folder.mkdir()
    new_key(folder / "next.pem")
    (folder / "same.pub.pem").write_bytes(key.with_suffix(".pub.pem").read_bytes())
    signing, following = published_keys(key, folder)
    assert signing == signing_key(key).public_key()
    assert following == signing_key(folder / "next.pem").public_key()
    keys = KeySet.parse(key_set([signing, following]))
    assert [keys.key(key_id(one)) for one in (signing, following)] == [signing, following]


def of_another_kind(path):
    other = generate_private_key(SECP256R1())
    path.write_bytes(other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.with_suffix(".pub.pem").write_bytes(
        other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )


def test_what_is_no_usable_key_is_named(key, tmp_path):
    with pytest.raises(SigningKeyMissing, match="missing or unreadable"):
        signing_key(tmp_path / "nowhere.pem")
    of_another_kind(tmp_path / "other.pem")
    with pytest.raises(SigningKeyMissing, match="not an Ed25519 key"):
        signing_key(tmp_path / "other.pem")
    with pytest.raises(SigningKeyMissing, match=r"other\.pub\.pem is not an Ed25519 key"):
        published_keys(key, tmp_path)
    (tmp_path / "other.pub.pem").write_text("no key")
    with pytest.raises(SigningKeyMissing, match=r"other\.pub\.pem cannot be read"):
        published_keys(key, tmp_path)
