"""Pictures that differ in few bits have a band in common."""

from hypothesis import given
from hypothesis import strategies as st

from photogate.pictures.fingerprints import BAND_BITS, BANDS, PLACES, bands, bits, read, written

HASHES = st.binary(min_size=32, max_size=32)


@given(HASHES, st.sets(st.integers(0, 127)))
def test_what_changes_in_the_higher_frequencies_alone_leaves_every_band_as_it_was(perceptual, flipped):
    other = (int.from_bytes(perceptual) ^ sum(1 << place for place in flipped)).to_bytes(32)
    assert bands(perceptual) == bands(other)


@given(HASHES, st.integers(128, 255))
def test_one_bit_changes_the_bands_that_hold_it_and_no_other(perceptual, place):
    other = (int.from_bytes(perceptual) ^ (1 << place)).to_bytes(32)
    holding = {band for band, places in enumerate(PLACES) if 255 - place in places}
    changed = {word >> BAND_BITS for word in set(bands(perceptual)) - set(bands(other))}
    assert changed == holding
    assert len(holding) < BANDS


@given(HASHES)
def test_every_band_is_a_number_that_postgres_holds_in_four_bytes(perceptual):
    assert len(set(bands(perceptual))) == BANDS
    assert all(0 <= word < 2**31 for word in bands(perceptual))


@given(HASHES)
def test_a_hash_is_read_as_it_was_written(perceptual):
    assert read(written(perceptual)) == perceptual
    assert bits(perceptual) == f"x{perceptual.hex()}"
