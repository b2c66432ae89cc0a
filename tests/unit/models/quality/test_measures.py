import math
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PIL import Image

from models.detection.face import Face
from models.quality.measure import MEASURES, NOT_ASSESSED
from models.quality.measures import EXACT, assess
from tests.guards.tree import ROOT

HOPPER = Face(
    198, 208, 300, 343, 0.94, ((276.6, 327.6), (413.8, 321.1), (347.8, 400.2), (292.4, 460.0), (410.1, 454.5))
)
NEED_NETWORKS = {
    "unified_quality_score",
    "eyes_open",
    "mouth_closed",
    "eyes_visible",
    "mouth_occlusion_prevention",
    "face_occlusion_prevention",
    "expression_neutrality",
    "no_head_coverings",
}
FROM_A_BOX = {
    "luminance_mean",
    "luminance_variance",
    "under_exposure_prevention",
    "over_exposure_prevention",
    "dynamic_range",
    "compression_artifacts",
    "single_face_present",
}


@pytest.fixture(scope="module")
def hopper():
    return np.asarray(Image.open(ROOT / "samples/portrait_hopper.jpg").convert("RGB"))


def assessed(measures):
    return {name for name, measure in measures.items() if measure != NOT_ASSESSED}


def test_a_portrait_with_landmarks_is_measured_on_all_that_needs_no_network(hopper):
    measures = assess(hopper, HOPPER, scale=1)
    assert tuple(measures) == MEASURES
    assert assessed(measures) == set(MEASURES) - NEED_NETWORKS


def test_a_good_portrait_scores_well(hopper):
    scores = {name: measure.score for name, measure in assess(hopper, HOPPER, scale=1).items()}
    for name in ("luminance_mean", "dynamic_range", "sharpness", "natural_colour", "inter_eye_distance"):
        assert scores[name] > 70, name
    assert min(scores[f"head_pose_{axis}"] for axis in ("yaw", "pitch", "roll")) > 90


def test_what_stands_in_for_the_standards_value_says_so(hopper):
    measures = assess(hopper, HOPPER, scale=1)
    assert {name for name in assessed(measures) if not measures[name].approximate} == EXACT


def test_a_box_alone_tells_light_compression_and_how_many(hopper):
    assert assessed(assess(hopper, replace(HOPPER, landmarks=None), scale=1)) == FROM_A_BOX


def test_landmarks_in_one_place_tell_no_more_than_the_box(hopper):
    assert assessed(assess(hopper, replace(HOPPER, landmarks=((9.0, 9.0),) * 5), scale=1)) == FROM_A_BOX


def test_a_reduced_picture_measures_as_the_photo_that_it_was_made_from(hopper):
    half = cv2.resize(hopper, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    full, reduced = assess(hopper, HOPPER, scale=1), assess(half, HOPPER.scaled(0.5), scale=0.5)
    for name in (
        "inter_eye_distance",
        "head_size",
        "luminance_mean",
        "head_pose_yaw",
        "margin_above_of_the_face_image",
    ):
        assert reduced[name].native == pytest.approx(full[name].native, rel=0.02), name
    assert reduced["compression_artifacts"] == NOT_ASSESSED  # neither the file nor its own blocks are at hand


def test_the_distance_of_the_eyes_is_that_of_the_photo(hopper):
    measured = assess(hopper, HOPPER, scale=0.25)["inter_eye_distance"].native
    assert measured == pytest.approx(4 * math.dist(*HOPPER.landmarks[:2]), rel=0.02)


def test_a_second_face_counts_by_its_area(hopper):
    half_as_large = Face(0, 0, 300, 172, 0.9)
    measure = assess(hopper, HOPPER, scale=1, others=[half_as_large, Face(0, 0, 10, 10, 0.9)])["single_face_present"]
    assert (measure.native, measure.score) == (pytest.approx(0.5, abs=0.01), 50)


def test_a_grey_photo_is_not_blamed_for_its_colour_and_a_blue_one_is(hopper):
    grey = np.repeat(hopper.mean(axis=2, keepdims=True).astype(np.uint8), 3, axis=2)
    assert assess(grey, HOPPER, scale=1)["natural_colour"].score == 100
    assert assess(hopper[..., ::-1].copy(), HOPPER, scale=1)["natural_colour"].score == 0


def test_a_face_that_fills_the_photo_shows_no_background(hopper):
    left, top = 220, 280
    close = np.ascontiguousarray(hopper[top:520, left:470])
    face = Face(0, 0, 250, 240, 0.9, tuple((x - left, y - top) for x, y in HOPPER.landmarks))
    measures = assess(close, face, scale=1)
    assert measures["background_uniformity"] == NOT_ASSESSED
    assert measures["luminance_mean"] != NOT_ASSESSED


def test_a_face_outside_the_photo_has_no_pixels_to_measure(hopper):
    away = replace(HOPPER, landmarks=tuple((x + 5000, y) for x, y in HOPPER.landmarks))
    measures = assess(hopper, away, scale=1)
    assert measures["luminance_mean"] == measures["sharpness"] == measures["natural_colour"] == NOT_ASSESSED


@pytest.mark.parametrize("size", [(1, 1), (3, 700), (16, 16), (2, 2)])
@pytest.mark.parametrize("spread", [1e-3, 1, 1e6])
def test_any_landmarks_in_any_picture_give_finite_numbers_or_none(size, spread):
    points = np.random.default_rng(3).normal(0, spread, (5, 2))
    face = Face(0, 0, size[1], size[0], 0.5, tuple(map(tuple, points.tolist())))
    for measure in assess(np.full((*size, 3), 128, np.uint8), face, scale=1).values():
        assert measure.score is None or 0 <= measure.score <= 100
        assert measure.native is None or math.isfinite(measure.native)
