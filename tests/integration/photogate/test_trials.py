"""A model is tried on the past by what it said beside: it is heard in the place of the model that decided."""

from dataclasses import replace

import pytest
from sqlalchemy import null

from photogate.promotions import shadows
from photogate.screening.checks import CameraPhoto
from photogate.screening.measurements import Measurements
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from photogate.simulation.cases import cases
from photogate.simulation.changes import changes, days_of_changes
from photogate.simulation.counts import Counts
from photogate.simulation.service import Archive, Question, of_day, simulate
from photogate.simulation.summary import Shift, Summary
from tests.factories import PLACEHOLDER, PORTRAIT, PROFILE, decided
from tests.integration.photogate.promoted import BETTER, CAMERA
from tests.integration.photogate.test_simulation import TODAY
from tests.integration.photogate.tried import judged_beside, shadow_of

DOUBTS = replace(PORTRAIT, p_real=0.5)
DECIDES = "student@1"


@pytest.fixture
def beside(database):
    return shadow_of(database, BETTER)


def tried(settings, model, profile=PROFILE):
    archive = Archive(settings.database_url, settings.master_keys)
    counts = simulate(archive, Question.last(2, profile, TODAY, model), processes=0)
    return counts, Summary.of(counts, profile, 2)


def found(database, *models):
    with database.transaction() as session:
        return [case.found for case in cases(session, of_day(TODAY), models=models)]


def test_what_the_model_said_beside_is_decided_by_and_what_it_did_not_score_is_left_out(settings, database, beside):
    doubted = decided(database, PORTRAIT)
    judged_beside(database, beside, doubted, DOUBTS)
    judged_beside(database, beside, decided(database, PLACEHOLDER, reference="A-2"), PLACEHOLDER)
    decided(database, PORTRAIT, reference="A-3")
    counts, summary = tried(settings, BETTER.reference)
    assert (summary.photos, summary.left_out, summary.changed) == (2, 1, 1)
    assert summary.verdicts[Verdict.IN_REVIEW] == Shift(0, 1)
    assert counts.expected.reals == pytest.approx(DOUBTS.p_real + PLACEHOLDER.p_real)
    with database.transaction() as session:
        question = Question.last(2, PROFILE, TODAY, BETTER.reference)
        [change] = changes(session, question, days_of_changes(counts), after=None, limit=5).changes
    assert (change.place[1], change.case.found.p_real) == (doubted.id, DOUBTS.p_real)
    assert list(change.case.found.models) == [BETTER.reference]


def test_a_model_and_a_profile_are_tried_together(settings, database, beside):
    judged_beside(database, beside, decided(database, PORTRAIT), replace(PORTRAIT, p_real=0.99))
    strict = replace(PROFILE, real_photo=replace(PROFILE.real_photo, approve_at=0.995))
    assert tried(settings, BETTER.reference)[1].changed == 0
    assert tried(settings, None, strict)[1].changed == 0
    assert tried(settings, BETTER.reference, strict)[1].changed == 1


def test_what_is_strange_to_the_model_goes_to_people(settings, database, beside):
    judged_beside(database, beside, decided(database, PORTRAIT), replace(PORTRAIT, strangeness=9.0))
    counts, _ = tried(settings, BETTER.reference)
    assert counts.reasons[ReasonCode.OUT_OF_DISTRIBUTION, "becomes"] == 1


def test_the_model_that_decided_needs_no_shadow_and_changes_nothing(settings, database):
    shadow_of(database, replace(BETTER, reference=DECIDES))
    for number, measured in enumerate((PORTRAIT, PLACEHOLDER)):
        decided(database, measured, reference=f"A-{number}")
    _, summary = tried(settings, DECIDES)
    assert (summary.photos, summary.left_out, summary.changed) == (2, 0, 0)


def test_a_photo_that_no_model_scores_is_decided_as_it_was(settings, database, beside):
    decided(database, Measurements(unreadable="The file is no photo."))
    _, summary = tried(settings, BETTER.reference)
    assert (summary.photos, summary.left_out, summary.changed) == (1, 0, 0)


@pytest.mark.parametrize("kept", [null(), {}])
def test_judgements_without_scores_are_left_out(settings, database, beside, kept):
    decided(database, PORTRAIT)
    with database.transaction() as session:
        [made] = shadows.due(session, beside, 2)
        row = shadows.judged(beside, made, replace(DOUBTS, models={BETTER.reference: "cd" * 32}), PROFILE)
        failed = shadows.not_judged(beside, made, "ValueError")
        shadows.keep(session, [failed if kept == {} else {**row, "scores": kept}])
    _, summary = tried(settings, BETTER.reference)
    assert (summary.photos, summary.left_out) == (0, 1)


def test_a_model_for_generated_pictures_takes_the_place_of_its_like_alone(settings, database):
    beside = shadow_of(database, CAMERA)
    judged_beside(database, beside, decided(database, PORTRAIT), replace(DOUBTS, p_ai_generated=0.97))
    [heard] = found(database, CAMERA.reference)
    assert (heard.p_real, heard.p_ai_generated) == (PORTRAIT.p_real, 0.97)
    asked = replace(PROFILE, camera_photo=CameraPhoto(flag_at=0.9))
    assert tried(settings, CAMERA.reference, asked)[0].reasons[ReasonCode.AI_GENERATED_SUSPECTED, "becomes"] == 1


def test_two_models_are_heard_together_where_both_scored(database):
    classifier = shadow_of(database, BETTER)
    first, second = (decided(database, PORTRAIT, reference=f"A-{number}") for number in range(2))
    judged_beside(database, classifier, first, DOUBTS)
    judged_beside(database, classifier, second, DOUBTS)
    judged_beside(database, shadow_of(database, CAMERA), first, replace(PORTRAIT, p_ai_generated=0.97))
    [heard] = found(database, BETTER.reference, CAMERA.reference)
    assert (heard.p_real, heard.p_ai_generated, heard.strangeness) == (0.5, 0.97, DOUBTS.strangeness)


def test_counts_keep_how_many_were_left_out():
    counts = Counts(left_out=2)
    counts += Counts(left_out=3)
    assert Counts.from_json(counts.to_json()).left_out == 5
    assert Counts.from_json({"expected": [0.0] * 6}).left_out == 0
