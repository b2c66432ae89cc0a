"""What was sealed opens with its key and in its place, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photogate.applicants.sealing import DataKey, SealBroken

KEY = DataKey.new()


@given(st.binary(), st.text())
def test_what_was_sealed_opens_again(plain, place):
    assert KEY.open(KEY.seal(plain, place), place) == plain


@given(st.binary(min_size=1), st.data())
def test_one_changed_bit_anywhere_is_noticed(plain, data):
    sealed = bytearray(KEY.seal(plain, "place"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealBroken):
        KEY.open(bytes(sealed), "place")


@given(st.binary(max_size=40))
def test_bytes_that_nobody_sealed_are_refused_in_a_sentence(noise):
    with pytest.raises(SealBroken, match=r"^What was kept .*\.$"):
        KEY.open(noise, "place")


def test_neither_another_key_nor_another_place_opens():
    sealed = KEY.seal(b"note", "decisions.sealed_note/1")
    with pytest.raises(SealBroken):
        DataKey.new().open(sealed, "decisions.sealed_note/1")
    with pytest.raises(SealBroken):
        KEY.open(sealed, "decisions.sealed_note/2")


def test_the_same_words_never_look_the_same_twice():
    assert KEY.seal(b"note", "place") != KEY.seal(b"note", "place")


def test_a_key_that_gets_printed_shows_nothing():
    key = DataKey(b"\x07" * 32)
    assert "7" not in repr(key)
    assert "x07" not in str(key)
