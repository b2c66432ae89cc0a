"""Our mappings against the reference implementation's own figures (tests/vectors/ofiq, MIT)."""

import csv
import re

import pytest

from models.quality.mappings import MAPPINGS, score_of
from models.quality.measure import MEASURES
from tests.guards.tree import ROOT

UNMAPPED = "no_head_coverings"


def rows():
    with (ROOT / "tests/vectors/ofiq/expected_results.csv").open(newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def ours(name):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def reference_scores():
    for row in rows():
        for name in row:
            if f"{name}.scalar" in row and ours(name) != UNMAPPED:
                yield ours(name), float(row[name]), int(row[f"{name}.scalar"])


def test_every_score_of_the_reference_is_ours_within_one_point():
    figures = list(reference_scores())
    wrong = [figure for figure in figures if abs(score_of(figure[0], figure[1]) - figure[2]) > 1]
    assert len(figures) == 27 * 28
    assert wrong == []


def test_the_measures_are_those_of_the_reference_in_its_order():
    assert tuple(ours(name) for name in rows()[0] if f"{name}.scalar" in rows()[0]) == MEASURES
    assert set(MAPPINGS) == set(MEASURES) - {UNMAPPED}


@pytest.mark.parametrize("measure", MAPPINGS)
@pytest.mark.parametrize("native", [-1e12, -1, 0, 0.5, 1, 90, 1e12])
def test_a_score_is_a_whole_number_from_0_to_100_whatever_was_measured(measure, native):
    score = score_of(measure, native)
    assert 0 <= score <= 100
    assert score == round(score)
