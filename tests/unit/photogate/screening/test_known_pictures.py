"""What is made of a picture that was seen before."""

import json
from dataclasses import replace

import pytest

from photogate.screening.decision import decide
from photogate.screening.errors import ProfileError
from photogate.screening.known_pictures import KnownPictures
from photogate.screening.likeness import FURTHEST_BITS, NOWHERE, Likeness, Seen
from photogate.screening.measurements import Measurements
from photogate.screening.profile import read_profile
from photogate.screening.reasons import REVIEWER_CODES, Audience, ReasonCode
from photogate.screening.verdicts import Verdict
from tests.factories import PLACEHOLDER, PORTRAIT, PROFILE

LIMIT = 20
ASKING = replace(PROFILE, known_pictures=KnownPictures(LIMIT))
NEAR, FAR = Likeness("a", LIMIT), Likeness("b", LIMIT + 1)


def judged(seen: Seen | None, found: Measurements = PORTRAIT) -> tuple[Verdict, list[ReasonCode]]:
    made = decide(replace(found, seen=seen), ASKING)
    return made.verdict, [reason.code for reason in made.reasons]


def test_a_picture_that_was_seen_nowhere_is_approved():
    assert judged(NOWHERE) == (Verdict.APPROVED, [])


def test_what_was_not_looked_up_is_not_assessed():
    assert judged(None) == (Verdict.IN_REVIEW, [ReasonCode.CHECK_NOT_ASSESSED])
    assert decide(PORTRAIT, PROFILE).verdict is Verdict.APPROVED  # nobody asks


def test_another_applicants_picture_and_a_refused_one_go_to_people_and_stay_in_the_house():
    for seen, code in (
        (Seen(elsewhere=NEAR), ReasonCode.DUPLICATE_PICTURE),
        (Seen(refused=NEAR), ReasonCode.REFUSED_BEFORE),
    ):
        assert judged(seen) == (Verdict.IN_REVIEW, [code])
        [reason] = decide(replace(PORTRAIT, seen=seen), ASKING).reasons
        assert (reason.native, reason.threshold, reason.audience) == (LIMIT, LIMIT, Audience.INTERNAL)
    both = Seen(elsewhere=NEAR, refused=NEAR)
    assert judged(both) == (Verdict.IN_REVIEW, [ReasonCode.REFUSED_BEFORE, ReasonCode.DUPLICATE_PICTURE])


def test_a_known_placeholder_asks_for_a_photo_whatever_the_classifier_says():
    for found in (PORTRAIT, PLACEHOLDER):
        asked = judged(Seen(placeholder=NEAR, elsewhere=NEAR), found)
        assert asked == (Verdict.RESUBMISSION_REQUESTED, [ReasonCode.KNOWN_PLACEHOLDER])
    [reason] = decide(replace(PORTRAIT, seen=Seen(placeholder=NEAR)), ASKING).reasons
    assert reason.audience is Audience.PUBLIC


def test_what_the_classifier_refuses_is_not_compared_with_others():
    assert judged(Seen(elsewhere=NEAR), PLACEHOLDER)[1] == [ReasonCode.PLACEHOLDER_IMAGE]
    assert judged(None, PLACEHOLDER)[0] is Verdict.RESUBMISSION_REQUESTED


def test_what_lies_further_away_is_another_picture():
    assert judged(Seen(elsewhere=FAR, refused=FAR, placeholder=FAR)) == (Verdict.APPROVED, [])


@pytest.mark.parametrize("most_bits", [-1, FURTHEST_BITS + 1, 2.5, True, "many", None])
def test_a_limit_beyond_what_is_looked_up_is_refused(most_bits):
    with pytest.raises(ProfileError, match="most_bits"):
        KnownPictures(most_bits)


def test_the_part_is_kept_with_its_profile():
    assert read_profile(json.loads(json.dumps(ASKING.to_json()))) == ASKING
    assert ASKING.outside_applications == PROFILE


def test_what_was_seen_is_kept_with_the_measurements():
    found = replace(PORTRAIT, seen=Seen(elsewhere=Likeness("a", 3, mirrored=True)))
    assert Measurements.from_json(json.loads(json.dumps(found.to_json()))) == found
    before = {name: value for name, value in found.to_json().items() if name != "seen"}
    assert Measurements.from_json(before).seen is None


def test_a_reviewer_can_name_a_duplicate():
    assert ReasonCode.DUPLICATE_PICTURE in REVIEWER_CODES
