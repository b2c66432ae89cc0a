import numpy as np
import pytest

from models.quality.alignment import REFERENCE, Alignment, Window
from models.quality.face_region import FACE, cheeks, face_mask

WHOLE = Window(left=0, top=0, zoom=0.5, width_px=308, height_px=308)


def placed(landmarks, *, scale=1.0, turn=0.0, shift=(0, 0)):
    rotation = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return tuple(tuple(map(float, rotation @ point + shift)) for point in np.array(landmarks))


def test_landmarks_at_any_size_angle_and_place_come_to_their_places():
    found = placed(REFERENCE, scale=0.4, turn=0.5, shift=(90, 30))
    transform = Alignment.of(found).transform
    back = np.array(found) @ transform[:, :2].T + transform[:, 2]
    assert np.allclose(back, REFERENCE)
    assert Alignment.of(found).scale == pytest.approx(2.5)


@pytest.mark.parametrize("landmarks", [((7, 7),) * 5, ((float("nan"), 1),) * 5])
def test_landmarks_that_coincide_align_nothing(landmarks):
    assert Alignment.of(landmarks) is None


@pytest.mark.parametrize("scale", [0.25, 1, 5])
def test_a_window_shows_the_same_part_of_the_face_at_any_size_of_the_photo(scale):
    side = round(616 * scale)
    across = np.repeat(np.linspace(0, 255, side)[None], side, axis=0)
    photo = np.repeat(across[..., None], 3, axis=2).astype(np.uint8)
    photo, alignment = Alignment.of(placed(REFERENCE, scale=scale)).brought_near(photo)
    seen = alignment.seen(photo, FACE)
    assert seen.shape == (263, 272, 3)
    assert seen[100, 0, 0] == pytest.approx(255 * 172 / 616, abs=2)
    assert seen[100, 271, 0] == pytest.approx(255 * 443 / 616, abs=2)


def test_where_the_photo_does_not_reach_is_known():
    covered = Alignment.of(REFERENCE).covered((616, 308), WHOLE)
    assert covered.mean() == pytest.approx(0.5, abs=0.01)
    assert covered[:, 0].all()
    assert not covered[:, -1].any()


def test_eyes_mouth_and_cheeks_are_face():
    mask = face_mask()
    for x, y in REFERENCE:
        assert mask[y - 233, x - 172]
    assert 0.6 < mask.mean() < 0.9
    for cheek in cheeks():
        assert mask[cheek].shape == (34, 34)
        assert mask[cheek].all()
