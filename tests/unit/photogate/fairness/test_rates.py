"""Groups, their error rates before and after, and what a promotion may not do to one of them."""

from collections import Counter
from dataclasses import replace

import pytest

from photogate.applications.profiles import load_profile
from photogate.fairness.evidence import Evidence, Source
from photogate.fairness.rates import Rate, group_errors
from photogate.fairness.service import Unfair, refuse_worsened
from photogate.screening.errors import ProfileError
from photogate.screening.fairness import Fairness
from photogate.screening.profile import read_profile
from photogate.screening.risk import Truth
from photogate.screening.verdicts import Verdict

RULES = Fairness(0.01, 0.05, 100, {"sex": ["female", "male"], "age_band": ["young", "old"]})
RIGHT, ASKED = Verdict.APPROVED, Verdict.RESUBMISSION_REQUESTED
REAL, PLACEHOLDER = Truth.REAL, Truth.PLACEHOLDER


def of_group(value, right, newly_wrong=0, newly_right=0, wrong=0, attribute="sex"):
    key = attribute, value, REAL
    return Counter(
        {
            (*key, RIGHT, RIGHT): right,
            (*key, RIGHT, ASKED): newly_wrong,
            (*key, ASKED, RIGHT): newly_right,
            (*key, ASKED, ASKED): wrong,
        }
    )


def refused(judged, rules=RULES):
    try:
        refuse_worsened([Evidence(Source.APPLICANTS, 0, group_errors(judged, rules.least_cases))], rules)
    except Unfair as refusal:
        return refusal.detail
    return None


def test_rates_are_those_of_each_group_and_kind_of_error():
    judged = of_group("female", 90, newly_wrong=6, newly_right=1, wrong=3) + of_group("male", 100)
    judged["sex", "female", PLACEHOLDER, RIGHT, RIGHT] = 4
    found = {(one.value, one.of): one for one in group_errors(judged)}
    assert found["female", REAL].was == Rate(4, 100)
    assert found["female", REAL].becomes == Rate(9, 100)
    assert found["female", REAL].rise == pytest.approx(0.05)
    assert found["female", PLACEHOLDER].becomes == Rate(4, 4)
    assert found["male", REAL].becomes == Rate(0, 100)
    assert group_errors(judged)[0] is not None
    assert group_errors(judged)[0].value == "female"


def test_what_waits_for_a_person_is_no_error():
    judged = Counter({("sex", "male", of, Verdict.IN_REVIEW, Verdict.IN_REVIEW): 5 for of in Truth})
    assert [one.becomes.errors for one in group_errors(judged)] == [0, 0]


def test_groups_are_told_apart_within_their_attribute_and_over_all_of_them():
    alike = of_group("female", 90, wrong=10) + of_group("male", 90, wrong=10)
    assert {one.differs for one in group_errors(alike)} == {1.0}
    apart = of_group("female", 80, wrong=20) + of_group("male", 100)
    [female, male] = group_errors(apart)
    assert female.differs == male.differs < 1e-5
    with_others = apart + of_group("young", 100, attribute="age_band") + of_group("old", 100, attribute="age_band")
    assert max(one.differs for one in group_errors(with_others) if one.attribute == "sex") > female.differs


def test_a_group_that_is_treated_worse_stops_a_promotion_with_its_figures():
    sentence = refused(of_group("female", 1_000, newly_wrong=40) + of_group("male", 1_000))
    assert sentence.startswith("Of the group sex: female, real faces refused would rise from 0 % (0 of 1040")
    for figure in ("3.85 % (40 of 1040; 2.76 to 5.2 %)", "more than the 1 points", "p = 1.8e-12"):
        assert figure in sentence
    assert sentence.endswith(".")
    assert "further" not in sentence


def test_every_group_counts_and_the_worst_is_named():
    sentence = refused(of_group("female", 1_000, newly_wrong=40) + of_group("male", 1_000, newly_wrong=80))
    assert "sex: male" in sentence
    assert "and 1 further rates rise too much" in sentence


@pytest.mark.parametrize(
    "judged",
    [
        of_group("female", 1_000, newly_wrong=9),  # within the limit
        of_group("female", 1_000, newly_wrong=400, newly_right=395),  # no more than chance
        of_group("female", 1_000, newly_right=40),  # better
        of_group("female", 40, newly_wrong=40),  # too few to tell
        of_group("female", 900, wrong=100),  # as before
        Counter(),
    ],
)
def test_what_is_no_worse_than_allowed_or_cannot_be_told_passes(judged):
    assert refused(judged) is None


def test_a_rise_in_approved_placeholders_stops_it_too():
    judged = Counter(
        {
            ("sex", "male", PLACEHOLDER, ASKED, RIGHT): 30,
            ("sex", "male", PLACEHOLDER, ASKED, ASKED): 300,
        }
    )
    assert "placeholders approved would rise from 0 %" in refused(judged)


def test_the_default_profile_has_limits_and_comes_back_from_the_record():
    profile = load_profile("default")
    assert profile.fairness.attributes["sex"] == ["female", "male", "another"]
    assert read_profile(profile.to_json()) == profile


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ("worsens_at_most", -0.01),
        ("worsens_at_most", 0.5),
        ("worsens_at_most", True),
        ("alpha", 0),
        ("alpha", 0.5),
        ("least_cases", 0),
        ("least_cases", 1.5),
        ("days", 0),
        ("days", 5_000),
        ("attributes", {}),
        ("attributes", {"sex": ["female"]}),
        ("attributes", {"sex": ["female", "female"]}),
        ("attributes", {"sex": "female"}),
        ("attributes", {"sex": ["female", ""]}),
        ("attributes", {"sex": ["female", 3]}),
        ("attributes", {"the sex": ["female", "male"]}),
        ("attributes", {f"a{number}": ["x", "y"] for number in range(9)}),
        ("attributes", {"age": [str(number) for number in range(21)]}),
        ("attributes", ["sex"]),
    ],
)
def test_limits_out_of_range_are_refused_in_one_sentence(part, wrong):
    with pytest.raises(ProfileError, match=part if part != "attributes" else "attribute"):
        replace(RULES, **{part: wrong})
