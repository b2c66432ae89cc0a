"""Signed notes as everybody writes them, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photogate.audit.notes import (
    KeyRefused,
    Kind,
    NoteRefused,
    PrivateKey,
    PublicKey,
    divided,
    is_signed_by,
    new_key,
    public_keys,
    signer_of,
)
from photogate.audit.statement import Statement
from photogate.errors import Conflict

# The example in the documentation of Go's golang.org/x/mod/sumdb/note, which C2SP signed-note describes.
GO_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_LINE = (
    "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

LOG = PrivateKey("log.example", Kind.LOG, bytes(32))
WITNESS = PrivateKey("witness.example/w1", Kind.WITNESS, bytes([1]) * 32)
STATED = Statement("log.example", 7, bytes(32))
NOTE = f"{STATED}\n{LOG.sign(str(STATED))}"


def test_we_sign_what_others_sign(tmp_path):
    (tmp_path / "key").write_text(GO_PRIVATE + "\n")
    key = PrivateKey.load(tmp_path / "key")
    assert str(key.public) == GO_PUBLIC
    assert key.sign(GO_TEXT) == GO_LINE
    assert signer_of(f"{GO_TEXT}\n{GO_LINE}", LOG.public, PublicKey.parse(GO_PUBLIC)) == key.public


def test_a_new_key_is_kept_for_its_owner_and_never_replaced(tmp_path):
    made = new_key(tmp_path / "key", "log.example", Kind.LOG)
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert PrivateKey.load(tmp_path / "key").public == made
    assert public_keys(tmp_path / "key.pub") == [made]
    with pytest.raises(Conflict, match="never replaced"):
        new_key(tmp_path / "key", "log.example", Kind.LOG)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "a\nb"])
def test_a_key_needs_a_name_that_can_be_written(tmp_path, name):
    with pytest.raises(KeyRefused):
        new_key(tmp_path / "key", name, Kind.LOG)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "written",
    [
        "",
        "a+b",
        "a+00000000+AAAA",
        GO_PUBLIC.replace("c74f20a3", "c74f20a4"),
        GO_PUBLIC.replace("Peter", "Paul"),
        "+" * 9,
    ],
)
def test_what_is_no_public_key_is_refused(written):
    with pytest.raises(KeyRefused):
        PublicKey.parse(written)


def test_a_checkpoint_is_read_by_whoever_has_the_key():
    assert Statement.signed(NOTE, LOG.public) == STATED
    other = PrivateKey("log.example", Kind.LOG, bytes([9]) * 32)
    with pytest.raises(NoteRefused, match=r"not signed by log\.example"):
        Statement.signed(NOTE, other.public)


@given(st.integers(0, len(NOTE) - 1), st.characters(codec="utf-8"))
def test_a_checkpoint_with_one_letter_changed_is_refused(place, letter):
    changed = NOTE[:place] + letter + NOTE[place + 1 :]
    if changed == NOTE:
        return
    with pytest.raises(NoteRefused):
        Statement.signed(changed, LOG.public)


@given(st.text())
def test_whatever_is_no_note_is_refused_in_one_sentence(written):
    with pytest.raises(NoteRefused, match=r"\.$"):
        Statement.signed(written, LOG.public)


@pytest.mark.parametrize(
    "text", ["log.example\n7\n", "log.example\n07\nAAAA\n", "log.example\n7\nAAAA\n", "log.example\n7\n!\n", "\n7\nA\n"]
)
def test_what_was_signed_and_is_no_checkpoint_is_refused(text):
    with pytest.raises(NoteRefused):
        Statement.signed(f"{text}\n{LOG.sign(text)}", LOG.public)


def test_a_checkpoint_of_another_log_is_refused():
    foreign = Statement("other.example", 7, bytes(32))
    with pytest.raises(NoteRefused, match=r"of the log other\.example"):
        Statement.signed(f"{foreign}\n{LOG.sign(str(foreign))}", LOG.public)


def test_a_witness_signs_with_the_time():
    line = WITNESS.sign(str(STATED), time_s=1_700_000_000)
    _, lines = divided(f"{NOTE}{line}")
    assert [is_signed_by(one, str(STATED), WITNESS.public) for one in lines] == [False, True]
    at_another_time = WITNESS.sign(str(STATED), time_s=1_700_000_001)
    assert at_another_time != line
    as_a_log = PublicKey(WITNESS.name, Kind.LOG, WITNESS.public.public)
    assert not is_signed_by(lines[1], str(STATED), as_a_log)
