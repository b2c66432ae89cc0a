"""What an issuer bounds, whom the sample draws, and what a person's verdict says of the machine's."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photogate.applications.profiles import load_profile
from photogate.screening.decision import decide, machine_verdict, suspended, waiting
from photogate.screening.measurements import Measurements
from photogate.screening.profile import read_profile
from photogate.screening.reasons import Audience, ReasonCode
from photogate.screening.risk import Risk, Tally, Truth, truth
from photogate.screening.verdicts import Verdict
from tests.factories import PLACEHOLDER, PORTRAIT, TWO_PEOPLE

DEFAULT = load_profile("default")
RISK = Risk(0.01, 0.005, 0.05, 0.1, "a seed")
EVERYBODY = replace(DEFAULT, risk=replace(RISK, sample_share=1))
NOBODY = replace(DEFAULT, risk=replace(RISK, sample_share=0))


def test_the_default_profile_bounds_the_risk_and_the_demo_s_asks_nobody_and_knows_no_pictures():
    demo = load_profile("demo")
    assert DEFAULT.risk.sample_share > 0
    assert demo.risk.sample_share == 0
    of_default = {
        "name": "default",
        "version": DEFAULT.version,
        "risk": DEFAULT.risk,
        "known_pictures": DEFAULT.known_pictures,
        "four_eyes": DEFAULT.four_eyes,
    }
    assert replace(demo, **of_default) == DEFAULT


def test_a_profile_with_a_bound_comes_back_from_the_record_as_it_was():
    assert read_profile(DEFAULT.to_json()) == DEFAULT


@given(st.uuids())
def test_the_sample_is_stable_and_grows_with_its_share(application_id):
    assert RISK.draws(application_id) is RISK.draws(UUID(str(application_id)))
    assert not NOBODY.risk.draws(application_id)
    assert EVERYBODY.risk.draws(application_id)
    assert not RISK.draws(application_id) or replace(RISK, sample_share=0.2).draws(application_id)


def test_the_sample_has_the_share_that_was_asked_for_and_another_seed_draws_others():
    ids = [uuid4() for _ in range(5_000)]
    drawn = {one for one in ids if RISK.draws(one)}
    others = {one for one in ids if replace(RISK, sample_seed="another").draws(one)}
    assert 400 < len(drawn) < 600
    assert 15 < len(drawn & others) < 100


def test_who_is_drawn_waits_for_a_person_whatever_the_machine_would_have_said():
    for found, alone in ((PORTRAIT, Verdict.APPROVED), (PLACEHOLDER, Verdict.RESUBMISSION_REQUESTED)):
        made = decide(found, EVERYBODY, uuid4())
        assert made.verdict is Verdict.IN_REVIEW
        assert (made.reasons[-1].code, made.reasons[-1].audience) == (ReasonCode.QUALITY_SAMPLE, Audience.INTERNAL)
        assert machine_verdict(made.reasons) is alone
        assert decide(found, NOBODY, uuid4()).verdict is decide(found, EVERYBODY).verdict is alone


def test_what_people_see_anyhow_and_what_nobody_can_see_is_not_drawn():
    assert decide(TWO_PEOPLE, EVERYBODY, uuid4()) == decide(TWO_PEOPLE, EVERYBODY)
    unreadable = Measurements(unreadable="The file is cut off.")
    assert decide(unreadable, EVERYBODY, uuid4()).verdict is Verdict.RESUBMISSION_REQUESTED


@pytest.mark.parametrize(
    ("approvals", "refusals", "waits"),
    [
        (False, False, ()),
        (True, False, (PORTRAIT,)),
        (False, True, (PLACEHOLDER,)),
        (True, True, (PORTRAIT, PLACEHOLDER)),
    ],
)
def test_what_is_suspended_waits_and_the_rest_does_not(approvals, refusals, waits):
    for found in (PORTRAIT, PLACEHOLDER):
        alone = decide(found, DEFAULT)
        made = suspended(alone, approvals=approvals, refusals=refusals)
        assert (made.verdict is Verdict.IN_REVIEW) is (found in waits)
        assert machine_verdict(made.reasons) is alone.verdict
    flagged = decide(TWO_PEOPLE, DEFAULT)
    assert suspended(flagged, approvals=True, refusals=True) == flagged


def test_a_decision_waits_once():
    once = waiting(decide(PORTRAIT, DEFAULT), ReasonCode.QUALITY_SAMPLE)
    assert waiting(once, ReasonCode.AUTOMATION_SUSPENDED) == once


@pytest.mark.parametrize(
    ("verdict", "codes", "shows"),
    [
        (Verdict.APPROVED, [], Truth.REAL),
        (Verdict.REJECTED, [ReasonCode.PLACEHOLDER_IMAGE], Truth.PLACEHOLDER),
        (Verdict.RESUBMISSION_REQUESTED, [ReasonCode.FACE_NOT_FOUND, ReasonCode.NOT_SHARP], Truth.PLACEHOLDER),
        (Verdict.RESUBMISSION_REQUESTED, [ReasonCode.EYES_CLOSED], Truth.REAL),
        (Verdict.REJECTED, [ReasonCode.AI_GENERATED_SUSPECTED], None),
        (Verdict.REJECTED, [ReasonCode.FILE_UNREADABLE], None),
    ],
)
def test_a_refusal_for_closed_eyes_is_still_a_real_face(verdict, codes, shows):
    assert truth(verdict, codes) is shows


MACHINE = st.sampled_from([Verdict.APPROVED, Verdict.IN_REVIEW, Verdict.RESUBMISSION_REQUESTED])
SHOWN = st.none() | st.sampled_from(Truth)


@given(SHOWN, MACHINE)
def test_a_word_that_is_taken_back_leaves_no_trace_in_the_tally(shows, machine):
    before = Tally(40, 2, 900, 3)
    assert before.counting(shows, machine).counting(shows, machine, times=-1) == before


def test_only_what_the_machine_decides_alone_and_wrongly_is_an_error():
    tally = Tally()
    for shows in Truth:
        for machine in (Verdict.APPROVED, Verdict.IN_REVIEW, Verdict.RESUBMISSION_REQUESTED):
            tally = tally.counting(shows, machine)
    assert tally == Tally(placeholders=3, placeholders_approved=1, reals=3, reals_refused=1)


def test_each_estimate_holds_for_its_own_class_and_takes_half_of_delta():
    found = RISK.estimates(Tally(placeholders=40, placeholders_approved=8, reals=2_000, reals_refused=2))
    assert found.placeholders_approved.is_refuted
    assert not found.reals_refused.is_refuted
    assert found.placeholders_approved.low > RISK.placeholders_approved
    assert {bound.delta for bound in RISK.bounds} == {RISK.delta / 2}
