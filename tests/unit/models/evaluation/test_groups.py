import cv2
import numpy as np
import pytest

from models.evaluation.groups import group_errors, largest_gap, skin_tone, tone_class
from models.evaluation.measured import Measured
from models.evaluation.pictures import Pictures
from tests.unit.models.evaluation.made import example, of_examples, prepared


def skin(lightness, yellow):
    """A crop of one colour, given in CIELAB."""
    colour = cv2.cvtColor(np.array([[[lightness, 12, yellow]]], np.float32), cv2.COLOR_LAB2RGB)
    return np.broadcast_to((colour * 255).round().astype(np.uint8), (224, 224, 3)).copy()


def test_errors_are_told_by_age_sex_and_race_in_the_data_sets_own_coding():
    pictures = [
        example(real=True, age="7", gender="0", race="1"),
        example(real=True, age="70", gender="1", race="4"),
        example(real=True, age="71", gender="F"),
        example(real=True),
        example(real=False, gender="0"),
    ]
    found = {g.trait: g for g in group_errors(of_examples(pictures, [0.1, 0.9, 0.9, 0.9, 0.9]))}
    assert {(g.name, g.bpcer.wrong, g.bpcer.of) for g in found["age"].groups} == {("0–12", 1, 1), ("61–75", 0, 2)}
    assert {(g.name, g.bpcer.of) for g in found["sex"].groups} == {("male", 1), ("female", 2)}
    assert [g.name for g in found["race"].groups] == ["Black", "Other"]
    assert found["race"].unknown == 2
    assert found["sex"].groups[1].above_whole == pytest.approx(1 - 1 / 4)


@pytest.mark.parametrize(
    ("lightness", "yellow", "name"),
    [(85, 14, "light"), (62, 18, "medium"), (55, 18, "medium"), (30, 18, "dark")],
)
def test_a_cheeks_colour_tells_the_tone(lightness, yellow, name):
    angle = skin_tone(skin(lightness, yellow))
    assert angle == pytest.approx(np.degrees(np.arctan2(lightness - 50, yellow)), abs=4)
    assert tone_class(angle) == name


def test_a_greyscale_photo_has_no_skin_tone():
    assert skin_tone(np.full((224, 224, 3), 140, np.uint8)) is None


def test_tone_is_estimated_of_real_faces_only_and_only_where_a_face_was_found():
    pictures = (example(real=True), example(real=True), example(real=False))
    light = prepared(skin(85, 14))
    photos = (light, prepared(light.crop, faces=()), light)
    measured = Measured("m@1.0.0", "", 0.5, Pictures(pictures, photos), np.array([0.9, 0.9, 0.9]))
    (grouping,) = group_errors(measured)
    assert [(group.name, group.bpcer.of) for group in grouping.groups] == [("light", 1)]
    assert grouping.unknown == 1


def test_the_largest_gap_is_that_of_a_group_large_enough():
    pictures = [example(real=True, gender="0")] * 50 + [example(real=True, gender="1")] * 50
    pictures += [example(real=True, gender="1", race="1")] * 2
    found = group_errors(of_examples(pictures, [0.1] * 5 + [0.9] * 95 + [0.1] * 2))
    assert largest_gap(found).name == "male"
    assert largest_gap(found, least_pictures=1).name == "Black"
    assert largest_gap(found, least_pictures=1000) is None
