import cv2
import numpy as np
import pytest

from models.training.recapture import RECAPTURES, bordered, photographed_screen, recaptured, scanned_print

TRIPS = pytest.mark.parametrize("trip", RECAPTURES, ids=lambda trip: trip.__name__)


@pytest.fixture(scope="module")
def picture():
    """A shaded disc on a light ground: edges, tones and colours to lose."""
    across, down = np.meshgrid(np.linspace(-1, 1, 224), np.linspace(-1, 1, 224))
    light = np.clip(1.2 - np.hypot(across + 0.3, down + 0.3), 0.2, 1)[..., None]
    disc = (np.hypot(across, down) < 0.6)[..., None]
    return np.where(disc, light * (210, 150, 120), (225, 230, 240)).astype(np.uint8)


def likeness(first, second):
    """Correlation of two pictures' grey values, shrunk so that dots and grids do not count."""
    small = [
        cv2.resize(cv2.cvtColor(p, cv2.COLOR_RGB2GRAY), (16, 16), interpolation=cv2.INTER_AREA) for p in (first, second)
    ]
    return np.corrcoef(small[0].ravel(), small[1].ravel())[0, 1]


@TRIPS
def test_a_trip_keeps_the_shape_and_leaves_the_original_alone(trip, picture):
    before = picture.copy()
    seen = trip(picture, np.random.default_rng(3))
    assert (seen.shape, seen.dtype) == (picture.shape, np.uint8)
    assert np.array_equal(picture, before)


@TRIPS
def test_a_trip_changes_the_picture_every_time_differently(trip, picture):
    first, second = (trip(picture, np.random.default_rng(seed)) for seed in (1, 2))
    assert not np.array_equal(first, picture)
    assert not np.array_equal(first, second)


@TRIPS
def test_the_same_seed_makes_the_same_trip(trip, picture):
    first, second = (trip(picture, np.random.default_rng(9)) for _ in range(2))
    assert np.array_equal(first, second)


@TRIPS
def test_what_the_picture_shows_stays_in_sight(trip, picture):
    middle = slice(48, 176)
    likenesses = [
        likeness(picture[middle, middle], trip(picture, np.random.default_rng(seed))[middle, middle])
        for seed in range(14)
    ]
    assert np.median(likenesses) > 0.5
    assert np.mean(np.array(likenesses) > 0.2) > 0.85


@TRIPS
def test_other_sizes_make_the_trip_too(trip):
    picture = np.full((96, 130, 3), 90, np.uint8)
    assert trip(picture, np.random.default_rng(0)).shape == picture.shape


def test_a_screen_leaves_its_grid(picture):
    def fine_structure(pixels):
        grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY).astype(float)
        return np.abs(np.fft.fft2(grey - cv2.GaussianBlur(grey, (0, 0), 3)))[30:112].max()

    screens = [fine_structure(photographed_screen(picture, np.random.default_rng(seed))) for seed in range(10)]
    assert np.median(screens) > 2 * fine_structure(picture)


def test_a_scan_shows_the_lid_around_a_smaller_print():
    dark = np.full((224, 224, 3), 40, np.uint8)
    corners = [scanned_print(dark, np.random.default_rng(seed))[0, 0].mean() for seed in range(30)]
    assert sum(corner > 180 for corner in corners) >= 5


def test_a_border_is_one_colour(picture):
    corners = [bordered(picture, np.random.default_rng(seed))[[0, -1], [0, -1]] for seed in range(10)]
    assert sum(np.array_equal(upper, lower) for upper, lower in corners) >= 8


def test_any_trip_may_come(picture):
    rng = np.random.default_rng(5)
    assert len({recaptured(picture, rng).tobytes() for _ in range(20)}) == 20
