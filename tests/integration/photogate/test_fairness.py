"""The gate of fairness over what lies in the database: applicants' attributes, people's verdicts, two profiles."""

from dataclasses import replace

import pytest

from photogate.access.tables import Role
from photogate.applicants.attributes import AttributesRefused, checked
from photogate.applicants.master_keys import KeyMissing
from photogate.applicants.service import attributes_of
from photogate.applicants.tables import Applicant
from photogate.applications import service
from photogate.applications.tables import Application
from photogate.database import new_id
from photogate.fairness.hearing import Hearing
from photogate.fairness.service import Unfair, judged_by_both, require_fair
from photogate.jobs import service as jobs
from photogate.screening.decision import decide
from photogate.screening.risk import Truth
from photogate.screening.verdicts import Verdict
from photogate.simulation.service import Archive, Question, simulate
from photogate.simulation.summary import Shift, Summary
from tests.factories import PORTRAIT, PROFILE, claim, intake, user
from tests.integration.photogate.mandated import judged_by
from tests.integration.photogate.test_simulation import TODAY
from tests.keys import KMS

WATCHED = replace(PROFILE, risk=replace(PROFILE.risk, sample_share=1.0))
FEW = replace(WATCHED.fairness, least_cases=5)
LIVE = replace(WATCHED, fairness=FEW)
HARSH = replace(LIVE, name="harsh", real_photo=replace(LIVE.real_photo, refuse_at=0.97, refuse_faceless_at=None))
DIM = replace(PORTRAIT, p_real=0.96)


def heard(profile):
    """The profile with the model of these tests, which stays the same."""
    return Hearing(profile, "student@1")


def photographed(database, person, found, attributes, reference):
    """A portrait of somebody, in the sample, that a person found to be one."""
    with database.transaction() as session:
        photo = service.submit(session, intake(), reference, application_id=new_id(), attributes=attributes).photo
    job = claim(database, photo.id)
    with database.transaction() as session:
        made = decide(found, WATCHED, job.application_id)
        made = jobs.finish(session, job, found, made, crop_key="crop", review_key="review")
    judged_by(database, person, made)
    return made


@pytest.fixture
def past(database):
    """Portraits of women that are a little dim, and of men that are not."""
    person = user(database, Role.REVIEWER)
    for number in range(6):
        photographed(database, person, DIM, {"sex": "female"}, f"F-{number}")
        photographed(database, person, PORTRAIT, {"sex": "male"}, f"M-{number}")
    return photographed(database, person, DIM, None, "X")


def test_a_promotion_that_refuses_the_faces_of_one_group_is_refused_with_the_figures(database, past):
    with database.transaction() as session, pytest.raises(Unfair) as refused:
        require_fair(session, heard(LIVE), heard(HARSH), KMS)
    assert "sex: female, real faces refused would rise from 0 % (0 of 6" in refused.value.detail
    assert "to 100 % (6 of 6" in refused.value.detail
    assert refused.value.status == 409


@pytest.mark.parametrize(
    ("live", "proposed"),
    [
        (LIVE, LIVE),
        (HARSH, LIVE),
        (replace(LIVE, fairness=None), replace(HARSH, fairness=None)),
        (replace(LIVE, fairness=replace(FEW, least_cases=7)), HARSH),
    ],
)
def test_what_worsens_nobody_or_nobody_bounds_or_is_too_little_to_tell_passes(database, past, live, proposed):
    with database.transaction() as session:
        require_fair(session, heard(live), heard(proposed), KMS)


def test_no_proposal_lifts_the_limits_for_itself(database, past):
    with database.transaction() as session, pytest.raises(Unfair):
        require_fair(session, heard(LIVE), heard(replace(HARSH, fairness=None)), KMS)


def test_photos_of_applicants_of_whom_nothing_is_said_are_in_no_group(database, past):
    with database.transaction() as session:
        counts = judged_by_both(session, heard(LIVE), heard(HARSH), 30, KMS)
    assert counts.judged_groups == {
        ("sex", "female", Truth.REAL, Verdict.IN_REVIEW, Verdict.RESUBMISSION_REQUESTED): 6,
        ("sex", "male", Truth.REAL, Verdict.APPROVED, Verdict.APPROVED): 6,
    }


def test_a_simulation_shows_the_shift_of_each_group(settings, database, past):
    archive = Archive(settings.database_url, settings.master_keys)
    counts = simulate(archive, Question.last(1, replace(HARSH, risk=None), TODAY), processes=0)
    found = Summary.of(counts, HARSH, 1)
    assert found.groups["sex: female"][Verdict.RESUBMISSION_REQUESTED] == Shift(0, 6)
    assert found.groups["sex: male"][Verdict.APPROVED] == Shift(0, 6)
    assert found.photos == 13


def test_what_is_said_last_of_an_applicant_counts_and_lies_sealed(database):
    for said in ({"sex": "female"}, {"sex": "male", "age_band": "18 to 29"}, None):
        with database.transaction() as session:
            made = service.submit(session, intake(), "A-1", application_id=new_id(), attributes=said).application
    with database.transaction() as session:
        applicant = session.get_one(Applicant, session.get_one(Application, made.id).applicant_id)
        assert attributes_of(KMS, applicant) == {"sex": "male", "age_band": "18 to 29"}
        assert b"male" not in bytes(applicant.sealed_attributes)


def test_without_the_master_keys_nobody_learns_who_belongs_to_which_group(settings, database, past, tmp_path):
    with pytest.raises(KeyMissing):
        simulate(Archive(settings.database_url, tmp_path / "nowhere"), Question.last(1, HARSH, TODAY), processes=0)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"shoe_size": "44"}, "There is no attribute 'shoe_size'; there are age_band, sex, skin_tone, head_covering."),
        ({"sex": "yes"}, "The attribute sex is one of: female, male, another."),
        ({"sex": ["female"]}, "The attribute sex is one of: female, male, another."),
    ],
)
def test_what_the_profile_does_not_know_is_refused(sent, sentence):
    with pytest.raises(AttributesRefused, match=sentence):
        checked(PROFILE.fairness, sent)
    with pytest.raises(AttributesRefused, match="asks for no attributes"):
        checked(None, {"sex": "female"})
