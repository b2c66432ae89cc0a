"""The figures of the pictures fail when pictures are not known again, or put together wrongly."""

from uuid import UUID

import numpy as np
import pytest

from benchmarks.figures.promise import Context
from benchmarks.figures.routing_pictures import PROOFS, Taken, _judged
from benchmarks.many_pictures import band_words, fingerprints, flipped, mixed
from models.fingerprints import hashes_of, mirrored
from photogate.pictures.fingerprints import Fingerprint, bands
from photogate.pictures.service import SAME_BITS


def sent(*files):
    return [Taken(UUID(int=number), file, None) for number, file in enumerate(files)]


def put(*clusters):
    return {UUID(int=number): UUID(int=cluster) for number, cluster in enumerate(clusters)}


def test_what_is_together_and_should_be_is_all_right():
    precision, recall = _judged(sent("a", "a", "b", "b"), put(1, 1, 2, 2))
    assert (precision.value, precision.ok, recall.value) == (100, True, "100.0")


def test_one_wrong_picture_in_a_cluster_costs_precision_and_one_left_out_costs_recall():
    precision, _ = _judged(sent("a", "a", "a", "b"), put(1, 1, 1, 1))
    assert (precision.value, precision.ok) == (50, False)
    precision, recall = _judged(sent("a", "a", "a", "a"), put(1, 1, 2))
    assert (precision.value, recall.value) == (100, "16.7")


def test_without_pictures_nothing_is_measured(tmp_path):
    figures = [figure for proof in PROOFS for figure in proof.figures(Context(tmp_path))]
    assert all("not measured: there are no pictures" in figure.value for figure in figures)


@pytest.fixture
def real():
    return np.random.default_rng(1).normal(0, 30, (40, 256)).astype(np.float32)


def test_synthetic_pictures_stand_in_the_index_as_real_ones_do(real):
    hashes = hashes_of(mixed(real, 30, np.random.default_rng(2)))
    assert band_words(hashes).tolist() == [bands(row.tobytes()) for row in hashes]


def test_synthetic_pictures_are_asked_for_with_their_mirror_images(real):
    lowest = mixed(real, 30, np.random.default_rng(2))
    turned = [Fingerprint(one.mirrored, one.direct) for one in fingerprints(lowest)]
    assert fingerprints(mirrored(lowest)) == turned


def test_bits_are_flipped_as_far_as_asked(real):
    pictures = fingerprints(mixed(real, 30, np.random.default_rng(2)))
    changed = flipped(pictures, np.random.default_rng(3), SAME_BITS)
    apart = [
        (int.from_bytes(one.direct) ^ int.from_bytes(other.direct)).bit_count()
        for one, other in zip(pictures, changed, strict=True)
    ]
    assert 1 <= min(apart) <= max(apart) <= SAME_BITS
