import numpy as np
import pytest

from models.quality.exposure import exposure_of, illumination_uniformity
from models.quality.luminance import luminance_levels
from models.quality.mappings import score_of


def face(level):
    return luminance_levels(np.full((50, 40, 3), level, np.uint8))


def test_a_flat_grey_face_has_its_luminance_and_no_range():
    native = exposure_of(face(188))
    assert native["luminance_mean"] == pytest.approx(0.5, abs=0.01)  # 188 in sRGB is half the light
    assert native["luminance_variance"] == pytest.approx(0, abs=1e-9)
    assert native["dynamic_range"] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("level", "measure"), [(0, "under_exposure_prevention"), (255, "over_exposure_prevention"), (0, "luminance_mean")]
)
def test_a_face_without_light_or_full_of_it_scores_low_on_the_measure_for_it(level, measure):
    assert score_of(measure, exposure_of(face(level))[measure]) < 5


def test_an_even_spread_of_luminance_is_the_widest_range():
    assert exposure_of(np.arange(256, dtype=np.uint8))["dynamic_range"] == pytest.approx(8)


def test_luminance_weighs_the_primaries_in_linear_light():
    primaries = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]], np.uint8)
    assert luminance_levels(primaries).tolist() == [[54, 182, 18, 255]]


def test_cheeks_that_share_half_of_their_luminance_are_half_uniform():
    left, right = np.array([10, 20], np.uint8), np.array([20, 30], np.uint8)
    assert illumination_uniformity(left, right) == 0.5
    assert illumination_uniformity(left, left) == 1
