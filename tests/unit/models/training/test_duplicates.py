import cv2
import numpy as np
import pytest

from models.drawings import draw
from models.training.duplicates import correlation, fingerprint, near_duplicates


def drawing(seed, kind="cartoon_face"):
    return np.asarray(draw(kind, np.random.default_rng(seed), 160))


def sent_on(pixels, quality):
    """Shrunk and compressed, as a messenger does."""
    small = cv2.resize(pixels, None, fx=0.6, fy=0.6, interpolation=cv2.INTER_AREA)
    _, jpeg = cv2.imencode(".jpg", small[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.ascontiguousarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR)[..., ::-1])


def prints(**pictures):
    return {name: fingerprint(pixels) for name, pixels in pictures.items()}


@pytest.mark.parametrize("quality", [25, 90])
def test_a_copy_that_was_sent_on_is_known_again(quality):
    original = drawing(1)
    splits = {
        "train": prints(original=original, another=drawing(2)),
        "test": prints(copy=sent_on(original, quality), third=drawing(3)),
    }
    [pair] = near_duplicates(splits)
    assert (pair.first, pair.second) == ("original", "copy")


def test_copies_within_one_split_are_nobody_s_trouble():
    original = drawing(1)
    splits = {"train": prints(original=original, copy=sent_on(original, 60)), "test": prints(other=drawing(2))}
    assert list(near_duplicates(splits)) == []


def test_different_drawings_are_told_apart():
    many = {str(seed): fingerprint(drawing(seed)) for seed in range(24)}
    half = list(many.items())
    assert list(near_duplicates({"train": dict(half[:12]), "test": dict(half[12:])})) == []


def test_plain_grounds_with_the_same_hash_are_told_apart_by_what_they_show():
    across = np.linspace(0, 255, 100).astype(np.uint8)
    flat, ramp = np.full((100, 100, 3), 90, np.uint8), np.repeat(np.tile(across, (100, 1))[..., None], 3, axis=2)
    assert correlation(fingerprint(flat).grey, fingerprint(ramp).grey) == 0
    assert correlation(fingerprint(flat).grey, fingerprint(flat + 40).grey) == 1


def test_a_hash_fills_64_bits_half_of_them_set():
    found = fingerprint(drawing(3)).phash
    assert found < 2**64
    assert 28 <= found.bit_count() <= 36
