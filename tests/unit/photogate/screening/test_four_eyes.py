"""Which cases two people look at, and when they agree."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photogate.applications.profiles import load_profile
from photogate.screening.four_eyes import FourEyes, Group, Said
from photogate.screening.profile import read_profile
from photogate.screening.reasons import REVIEWER_CODES, Audience, Disposition, Reason, ReasonCode
from photogate.screening.verdicts import Verdict

DEFAULT = load_profile("default")
NOBODY = FourEyes((ReasonCode.DIGITALLY_EDITED,), (), 0, "a seed")
SAMPLED = Reason(ReasonCode.QUALITY_SAMPLE, Disposition.REVIEW, Audience.INTERNAL)
REJECTED = Said(Verdict.REJECTED, (ReasonCode.NOT_SHARP,))
APPROVED = Said(Verdict.APPROVED)


def asks(rule, said=APPROVED, found=(), machine=Verdict.IN_REVIEW, case=None):
    return rule.asks_after(case or uuid4(), found, machine, said)


def test_a_reason_asks_for_two_whether_the_machine_gave_it_or_the_first_person():
    edited = Reason(ReasonCode.DIGITALLY_EDITED, Disposition.REVIEW)
    assert asks(NOBODY, found=[edited])
    assert asks(NOBODY, Said(Verdict.RESUBMISSION_REQUESTED, (ReasonCode.DIGITALLY_EDITED,)))
    assert not asks(NOBODY, REJECTED)


@pytest.mark.parametrize(
    ("group", "story"),
    [
        (Group.SAMPLED, {"found": [SAMPLED]}),
        (Group.REJECTED, {"said": REJECTED}),
        (Group.APPROVED_AGAINST_MACHINE, {"machine": Verdict.RESUBMISSION_REQUESTED}),
    ],
)
def test_each_group_asks_for_its_own_cases_and_for_no_others(group, story):
    rule = FourEyes((), (group,), 0, "a seed")
    assert asks(rule, **story)
    assert not asks(rule)
    assert not asks(NOBODY, **story)


def test_what_is_known_beforehand_does_not_depend_on_what_anybody_says():
    rule = FourEyes((), (Group.REJECTED, Group.SAMPLED), 0, "a seed")
    assert rule.asks_beforehand(uuid4(), [SAMPLED])
    assert not rule.asks_beforehand(uuid4(), [])


@given(st.uuids())
def test_the_share_is_stable_and_grows(case):
    some, more = (replace(NOBODY, share=share) for share in (0.1, 0.2))
    assert some.asks_beforehand(case, ()) is some.asks_beforehand(UUID(str(case)), ())
    assert not some.asks_beforehand(case, ()) or more.asks_beforehand(case, ())
    assert replace(NOBODY, share=1).asks_beforehand(case, ())


def test_the_share_is_about_as_large_as_was_asked_for():
    rule = replace(NOBODY, share=0.1)
    assert 400 < sum(rule.asks_beforehand(uuid4(), ()) for _ in range(5_000)) < 600


@given(*[st.builds(Said, st.sampled_from(Verdict), st.lists(st.sampled_from(REVIEWER_CODES)).map(tuple))] * 2)
def test_agreeing_is_mutual_and_joining_loses_no_reason(one, other):
    assert one.agrees_with(other) is other.agrees_with(one)
    assert one.agrees_with(one)
    assert set(one.joined_by(other).codes) == {*one.codes, *other.codes}


def test_two_refusals_agree_when_both_see_a_face_or_both_see_none():
    face, flaw, none = (
        Said(Verdict.REJECTED, (code,))
        for code in (ReasonCode.EYES_CLOSED, ReasonCode.NOT_SHARP, ReasonCode.PLACEHOLDER_IMAGE)
    )
    assert face.agrees_with(flaw)
    assert not face.agrees_with(none)
    assert not face.agrees_with(replace(face, verdict=Verdict.RESUBMISSION_REQUESTED))
    assert face.joined_by(flaw).codes == (ReasonCode.EYES_CLOSED, ReasonCode.NOT_SHARP)


def test_the_default_profile_has_it_and_comes_back_from_the_record_as_it_was():
    assert DEFAULT.four_eyes is not None
    assert read_profile(DEFAULT.to_json()) == DEFAULT
