"""Pictures that differ in few bits have a band in common."""

from hypothesis import given
from hypothesis import strategies as st

from photogate.pictures.fingerprints import BAND_BITS, BANDS, bands, bits, read, written

HASHES = st.binary(min_size=32, max_size=32)


@given(HASHES, st.sets(st.integers(0, 255), max_size=BANDS - 1))
def test_fewer_bits_than_bands_leave_a_band_as_it_was(perceptual, flipped):
    other = (int.from_bytes(perceptual) ^ sum(1 << place for place in flipped)).to_bytes(32)
    assert set(bands(perceptual)) & set(bands(other))


@given(HASHES, HASHES)
def test_pictures_share_a_band_only_where_they_are_alike(one, other):
    shared = set(bands(one)) & set(bands(other))
    differing = {word for word in bands(one) if word not in shared}
    covered = BANDS * BAND_BITS // 8
    assert (one[:covered] == other[:covered]) is not bool(differing)


@given(HASHES)
def test_every_band_is_a_number_that_postgres_holds_in_four_bytes(perceptual):
    assert len(set(bands(perceptual))) == BANDS
    assert all(0 <= word < 2**31 for word in bands(perceptual))


@given(HASHES)
def test_a_hash_is_read_as_it_was_written(perceptual):
    assert read(written(perceptual)) == perceptual
    assert bits(perceptual) == f"x{perceptual.hex()}"
