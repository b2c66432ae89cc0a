import numpy as np
import pytest
from PIL import Image

from models.training.hard_faces import (
    HARD_FACES,
    before_a_loud_ground,
    far_away,
    hard_face,
    in_little_light,
    old_passport,
    under_a_scarf,
    with_glasses,
)

LANDMARKS = ((92.0, 90.0), (132.0, 92.0), (112.0, 112.0), (96.0, 132.0), (129.0, 133.0))
EYES, FACE, CORNER = (slice(78, 104), slice(76, 148)), (slice(95, 130), slice(95, 130)), (slice(0, 25), slice(0, 25))

EVERY = pytest.mark.parametrize("change", HARD_FACES, ids=lambda change: change.__name__)


@pytest.fixture(scope="module")
def photo():
    """A shaded oval on a grey wall, its features where the landmarks are."""
    across, down = np.meshgrid(np.arange(224), np.arange(224))
    oval = np.hypot((across - 112) / 45, (down - 110) / 60)
    shown = np.where((oval < 1)[..., None], np.array((200, 150, 125)) * (1.1 - 0.4 * oval[..., None]), 150)
    return np.clip(shown + np.random.default_rng(0).normal(0, 3, shown.shape), 0, 255).astype(np.uint8)


def changed(change, photo, seed=1):
    return change(photo, LANDMARKS, np.random.default_rng(seed))


def apart(first, second, place):
    return np.abs(first[place].astype(float) - second[place]).mean()


@EVERY
def test_a_hardship_keeps_the_shape_and_leaves_the_original_alone(change, photo):
    before = photo.copy()
    seen = changed(change, photo)
    assert (seen.shape, seen.dtype) == (photo.shape, np.uint8)
    assert np.array_equal(photo, before)
    assert not np.array_equal(seen, photo)


@EVERY
def test_the_same_seed_makes_the_same_hardship(change, photo):
    assert np.array_equal(changed(change, photo), changed(change, photo))
    assert not np.array_equal(changed(change, photo, 1), changed(change, photo, 2))


@pytest.mark.parametrize("change", [before_a_loud_ground, under_a_scarf], ids=lambda change: change.__name__)
def test_ground_and_cloth_leave_the_face_as_it_is(change, photo):
    for seed in range(6):
        assert apart(changed(change, photo, seed), photo, FACE) < 6


def test_a_loud_ground_is_behind_the_face(photo):
    assert np.median([apart(changed(before_a_loud_ground, photo, seed), photo, CORNER) for seed in range(8)]) > 15


def test_glasses_sit_on_the_eyes_and_nowhere_else(photo):
    for seed in range(6):
        worn = changed(with_glasses, photo, seed)
        assert apart(worn, photo, EYES) > 2
        assert np.array_equal(worn[150:], photo[150:])


def test_little_light_is_dark_and_still_shows_something(photo):
    means = [changed(in_little_light, photo, seed)[FACE].mean() for seed in range(12)]
    assert max(means) < photo[FACE].mean()
    assert min(means) > 15


def test_far_away_loses_what_is_fine(photo):
    assert changed(far_away, photo).astype(float)[FACE].std() < photo.astype(float)[FACE].std()


def test_an_old_passport_photo_has_one_tone():
    colourful = np.random.default_rng(0).integers(0, 256, (120, 120, 3), dtype=np.uint8)
    landmarks = tuple((x / 2, y / 2) for x, y in LANDMARKS)
    seen = old_passport(colourful, landmarks, np.random.default_rng(3)).astype(float)[:60, 30:90]
    assert np.corrcoef(seen[..., 0].ravel(), seen[..., 2].ravel())[0, 1] > 0.99


@EVERY
def test_landmarks_at_the_edge_or_in_one_point_are_no_trouble(change, photo):
    for landmarks in (((0.0, 0.0),) * 5, ((-20.0, 5.0), (30.0, -9.0), (5.0, 20.0), (-9.0, 40.0), (20.0, 44.0))):
        assert change(photo, landmarks, np.random.default_rng(0)).shape == photo.shape


def test_any_hardship_may_come():
    photo = np.asarray(Image.effect_noise((128, 128), 40).convert("RGB"))
    landmarks = tuple((x * 0.57, y * 0.57) for x, y in LANDMARKS)
    rng = np.random.default_rng(2)
    assert len({hard_face(photo, landmarks, rng).tobytes() for _ in range(12)}) == 12
