import numpy as np
import pytest
import simplejpeg

from models.training.errors import TrainingError
from models.training.generated.sources import PAIRED_REAL, Part, portraits
from models.training.generated.views import Shelf, framed, side_px, travelled


@pytest.fixture(scope="module")
def shelf(drawn_faces) -> Shelf:
    return Shelf.of(portraits(drawn_faces, Part.TRAIN), drawn_faces)


def test_the_same_draw_gives_the_same_view(shelf):
    first, second = (shelf.drawn(np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(first[0], second[0])
    assert first[0].shape == (224, 224, 3)
    assert first[1] == second[1]


def test_cameras_and_generators_are_drawn_alike(shelf):
    rng = np.random.default_rng(0)
    makers = [shelf.drawn(rng)[1] for _ in range(200)]
    assert 70 < makers.count(None) < 130
    assert set(makers) == {None, "stylegan", "generated_photos", "diffusion"}


def test_a_view_never_has_more_pixels_than_its_portrait(shelf):
    some_are_small = np.where(np.arange(len(shelf.portraits)) % 2, 300.0, 60.0)
    large = Shelf(shelf.portraits, [b""] * len(shelf.files), some_are_small, shelf.weights, shelf.is_photo)
    large.files[1::2] = shelf.files[1::2]
    rng = np.random.default_rng(1)
    assert all(large.drawn(rng)[0].any() for _ in range(30))  # an empty file of a small portrait could not be decoded


def test_a_frame_lies_inside_the_picture_and_has_the_pixels_that_were_asked_for(shelf):
    pixels = simplejpeg.decode_jpeg(shelf.files[0])
    for seed in range(30):
        region = framed(pixels, shelf.portraits[0], 200, np.random.default_rng(seed))
        assert 200 <= region.shape[0] == region.shape[1] <= 256


def test_whatever_happens_on_the_way_a_crop_arrives():
    region = np.full((180, 180, 3), 90, np.uint8)
    for seed in range(40):
        crop = travelled(region, 120, np.random.default_rng(seed))
        assert crop.shape == (224, 224, 3)
        assert crop.dtype == np.uint8


def test_the_side_of_a_crop_is_the_faces_or_the_pictures(shelf):
    portrait, file = shelf.portraits[0], shelf.files[0]
    assert portrait.source == PAIRED_REAL
    assert side_px(portrait, file) == pytest.approx(min(110 * 2.05, 256))


def test_one_class_alone_teaches_nothing(drawn_faces):
    photos = [portrait for portrait in portraits(drawn_faces, Part.TRAIN) if portrait.is_photo]
    with pytest.raises(TrainingError, match="only one of the two"):
        Shelf.of(photos, drawn_faces)
