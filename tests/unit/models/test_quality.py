import numpy as np
import pytest

from models.quality import native_values, quality_scores, scores_of

MEASURES = (
    "luminance_mean",
    "luminance_variance",
    "under_exposure_prevention",
    "over_exposure_prevention",
    "dynamic_range",
)

# Native values and scores of some of the standard's conformance pictures, by its reference implementation (OFIQ, MIT).
REFERENCE = [
    ((0.296285, 0.014954, 0.049163, 0, 6.910499), (87, 100, 100, 100, 86)),
    ((0.322942, 0.040050, 0.102210, 0, 7.438106), (92, 80, 100, 100, 93)),
    ((0.497561, 0.059659, 0.131261, 0, 7.609802), (100, 63, 100, 100, 95)),
    ((0.443931, 0.067912, 0.241559, 0, 7.459769), (99, 58, 100, 100, 93)),
    ((0.103719, 0.022853, 0.087205, 0, 5.558990), (13, 97, 100, 100, 69)),
    ((0.225448, 0.030372, 0.351883, 0.000065, 7.006914), (62, 90, 100, 99, 88)),
]


@pytest.mark.parametrize(("native", "scores"), REFERENCE)
def test_scores_are_those_of_the_reference_implementation(native, scores):
    assert scores_of(dict(zip(MEASURES, native, strict=True))) == dict(zip(MEASURES, scores, strict=True))


def test_a_flat_grey_face_has_its_luminance_and_no_range():
    native = native_values(np.full((50, 40, 3), 188, np.uint8))
    assert native["luminance_mean"] == pytest.approx(0.5, abs=0.01)  # 188 in sRGB is half the light
    assert native["luminance_variance"] == pytest.approx(0, abs=1e-9)
    assert native["dynamic_range"] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("level", "measure"), [(0, "under_exposure_prevention"), (255, "over_exposure_prevention"), (0, "luminance_mean")]
)
def test_a_face_without_light_or_full_of_it_scores_low_on_the_measure_for_it(level, measure):
    assert quality_scores(np.full((50, 40, 3), level, np.uint8))[measure] < 5


def test_an_even_spread_of_light_is_the_widest_range():
    noise = np.random.default_rng(5).integers(0, 256, (400, 400, 3), dtype=np.uint8)
    assert quality_scores(noise)["dynamic_range"] > 85


def test_a_large_face_is_sampled_and_measures_as_the_whole():
    ramp = np.repeat(np.linspace(0, 255, 1600).astype(np.uint8)[None, :, None], 3, axis=2)
    large, small = np.tile(ramp, (1600, 1, 1)), np.tile(ramp[:, ::10], (160, 1, 1))
    assert native_values(large)["luminance_mean"] == pytest.approx(native_values(small)["luminance_mean"], abs=0.005)
