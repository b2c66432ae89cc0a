"""What a check found, in words."""

import pytest

from review_ui.check_view import what_mattered
from review_ui.quality_view import GROUPS, UNITS, quality_groups
from review_ui.words import QUALITY


@pytest.mark.parametrize(
    ("importances", "said"),
    [
        ([[0.9, -0.9]], "No part alone"),
        ([[6.0, -0.4]], "Without the orange parts"),
        ([[0.4, -3.0]], "Without the blue parts"),
    ],
)
def test_a_heat_map_is_said_in_a_sentence_too(importances, said):
    assert what_mattered({"importances": importances}).startswith(said)


def test_every_measure_has_its_group_and_no_other():
    grouped = [measure for measures in GROUPS.values() for measure in measures]
    assert sorted(grouped) == sorted(QUALITY)
    assert set(UNITS) <= set(QUALITY)


def test_a_measure_is_a_score_with_its_native_value_or_missing():
    told = {
        "head_pose_roll": {"native": -4.26, "score": 99.0, "approximate": True},
        "head_pose_yaw": {"native": None, "score": None, "approximate": False},
    }
    [group] = quality_groups(told)
    [line] = group.lines
    assert (line.name, line.score, line.native, line.is_approximate) == ("Not tilted", 99, "-4.3°", True)
    assert group.missing == ("Not turned",)


def test_what_is_not_told_has_no_group():
    assert quality_groups({}) == ()
