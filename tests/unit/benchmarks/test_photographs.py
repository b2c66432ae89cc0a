import io

import numpy as np
import pytest
from PIL import Image

from benchmarks.photographs import distinct, photograph


@pytest.fixture
def portrait(tmp_path):
    path = tmp_path / "portrait.png"
    Image.linear_gradient("L").resize((96, 128)).convert("RGB").save(path)
    return path


def opened(photo):
    return Image.open(io.BytesIO(photo))


@pytest.mark.parametrize("megapixels", [0.05, 1.0])
def test_a_photo_has_the_wanted_size_and_the_portrait_s_shape(portrait, megapixels):
    photo = opened(photograph(megapixels, portrait))
    assert photo.format == "JPEG"
    assert photo.width * photo.height == pytest.approx(megapixels * 1e6, rel=0.01)
    assert photo.width / photo.height == pytest.approx(96 / 128, rel=0.01)


def test_a_photo_is_the_same_every_time(portrait):
    assert photograph(0.05, portrait) == photograph(0.05, portrait)


def test_a_photo_has_the_noise_that_makes_decoding_cost_what_it_costs(portrait):
    photo = np.asarray(opened(photograph(0.2, portrait)).convert("L"), dtype=float)
    assert np.diff(photo, axis=1).std() > 3


def test_distinct_files_hold_the_same_picture(portrait):
    photo = photograph(0.05, portrait)
    first, second = distinct(photo, 1), distinct(photo, 2)
    assert len({photo, first, second}) == 3
    assert np.array_equal(np.asarray(opened(first)), np.asarray(opened(second)))
