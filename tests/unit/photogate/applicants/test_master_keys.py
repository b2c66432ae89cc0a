"""Master keys in a folder: the newest wraps, the older ones still unwrap, and what is missing is said."""

import base64

import pytest

from photogate.applicants.master_keys import KeyFolder, KeyMissing, new_master_key
from photogate.applicants.sealing import DataKey, SealBroken


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "keys"


def test_a_new_key_wraps_and_the_old_one_still_unwraps_in_a_running_program(folder):
    first = new_master_key(folder)
    kms, key = KeyFolder(folder), DataKey.new()
    before = kms.wrap(key, "place")
    second = new_master_key(folder)
    after = kms.wrap(key, "place")
    assert (before.master_key_id, after.master_key_id) == (first, second)
    assert kms.unwrap(before, "place") == kms.unwrap(after, "place") == key
    assert kms.ids() == [first, second]


def test_a_destroyed_key_opens_nothing_any_more(folder):
    first = new_master_key(folder)
    kms = KeyFolder(folder)
    wrapped = kms.wrap(DataKey.new(), "place")
    new_master_key(folder)
    kms.destroy(first)
    with pytest.raises(KeyMissing, match=first):
        kms.unwrap(wrapped, "place")


def test_a_wrapped_key_opens_in_its_place_only(folder):
    new_master_key(folder)
    kms = KeyFolder(folder)
    wrapped = kms.wrap(DataKey.new(), "applicants.wrapped_key/1")
    with pytest.raises(SealBroken):
        kms.unwrap(wrapped, "applicants.wrapped_key/2")


def test_a_reference_is_found_again_after_a_rotation_and_in_this_house_only(folder, tmp_path):
    new_master_key(folder)
    digest = KeyFolder(folder).digest("A-1")
    new_master_key(folder)
    assert KeyFolder(folder).digest("A-1") == digest
    new_master_key(tmp_path / "elsewhere")
    assert KeyFolder(tmp_path / "elsewhere").digest("A-1") != digest


def test_nobody_but_the_owner_may_read_the_files(folder):
    new_master_key(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_without_keys_there_is_one_sentence_that_says_what_to_do(folder):
    with pytest.raises(KeyMissing, match="new-master-key"):
        KeyFolder(folder).digest("A-1")
    new_master_key(folder)
    next(folder.glob("*.key")).unlink()
    with pytest.raises(KeyMissing, match="There is no master key"):
        KeyFolder(folder).wrap(DataKey.new(), "place")


@pytest.mark.parametrize("content", [b"", b"not base 64!", base64.b64encode(b"too short")])
def test_a_file_that_is_no_key_is_named(folder, content):
    made = new_master_key(folder)
    (folder / f"{made}.key").write_bytes(content)
    with pytest.raises(KeyMissing, match=made):
        KeyFolder(folder).wrap(DataKey.new(), "place")
