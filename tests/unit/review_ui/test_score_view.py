"""A probability on a scale."""

import pytest
from hypothesis import given
from hypothesis.strategies import floats

from photogate.screening.checks import RealPhoto
from review_ui.score_view import place, score_view

LIMITS = RealPhoto(approve_at=0.98, refuse_at=0.02)
PROBABILITIES = floats(min_value=0, max_value=1)


@given(PROBABILITIES, PROBABILITIES)
def test_a_higher_probability_never_lies_further_left(one, other):
    lower, higher = sorted((one, other))
    assert 0 <= place(lower) <= place(higher) <= 100


@given(PROBABILITIES)
def test_the_mark_lies_in_the_zone_that_the_words_name(p_real):
    view = score_view(p_real, LIMITS)
    zone = {
        "Clearly not a real photo": view.at <= view.refuse_at,
        "Not clear: a person decides": view.refuse_at <= view.at <= view.approve_at,
        "Clearly a real photo": view.at >= view.approve_at,
    }
    assert zone[view.meaning]


@pytest.mark.parametrize("limit", [LIMITS.refuse_at, LIMITS.approve_at])
def test_a_limit_itself_counts_as_the_profile_counts_it(limit):
    assert score_view(limit, LIMITS).meaning.startswith("Clearly")
