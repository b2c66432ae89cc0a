"""A model is promoted through the gate of fairness, by what it said of photos that people judged."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from photogate.access.tables import Role
from photogate.applications import policies
from photogate.audit.tables import Event, EventKind
from photogate.fairness.hearing import Hearing
from photogate.fairness.service import Unfair, judged_by_both, require_fair
from photogate.promotions import models, queries, service
from photogate.promotions.service import Change
from photogate.promotions.tables import Slot
from photogate.screening.checks import CameraPhoto
from photogate.screening.risk import Truth
from photogate.screening.verdicts import Verdict
from tests.factories import PORTRAIT, user
from tests.integration.photogate.promoted import BETTER, CAMERA, STUDENT, approved, proposed, two_admins
from tests.integration.photogate.test_fairness import LIVE, photographed
from tests.integration.photogate.tried import admins, judged_beside
from tests.keys import KMS

FACES = replace(PORTRAIT, models={STUDENT.reference: "ab" * 32})
REFUSED = replace(FACES, p_real=0.001)
NOW, THEN = Hearing(LIVE, STUDENT.reference), Hearing(LIVE, BETTER.reference)


@pytest.fixture
def beside(database):
    """The live rules of these tests, and another model beside them."""
    with database.transaction() as session:
        service.adopt(session, LIVE, STUDENT, None)
        models.record(session, BETTER)
    ann, bob = two_admins(database)
    return approved(database, bob, proposed(database, ann, Change(model=BETTER.reference), Slot.SHADOW))


@pytest.fixture
def past(database, beside):
    """Six women and six men whom a person found to be real, and a woman whom the other model never saw."""
    person = user(database, Role.REVIEWER)
    of = {"sex": "female"}, {"sex": "male"}
    made = {sex["sex"]: [photographed(database, person, FACES, sex, f"{sex}-{n}") for n in range(6)] for sex in of}
    photographed(database, person, FACES, {"sex": "female"}, "unseen")
    return made


def says(database, beside, photos, found):
    for made in photos:
        judged_beside(database, beside, made, found, LIVE)


def promoted(database):
    ann, bob = admins(database)
    return approved(database, bob, proposed(database, ann, Change(model=BETTER.reference)))


def settled(database):
    with database.transaction() as session:
        told = session.scalars(select(Event).where(Event.kind == EventKind.RULES_PROMOTED).order_by(Event.id)).all()
        return queries.numbered(session, Slot.LIVE, 2).fairness, told[-1].details["fairness"]


def test_a_model_that_refuses_the_faces_of_one_group_is_not_promoted(database, beside, past):
    says(database, beside, past["female"], REFUSED)
    says(database, beside, past["male"], FACES)
    with pytest.raises(Unfair) as refused:
        promoted(database)
    assert "sex: female, real faces refused would rise from 0 % (0 of 6" in refused.value.detail
    assert "to 100 % (6 of 6" in refused.value.detail
    with database.transaction() as session:
        assert service.live(session).number == 1


def test_a_model_that_worsens_nobody_goes_live_and_the_evidence_is_sealed_with_it(database, beside, past):
    for photos in past.values():
        says(database, beside, photos, replace(FACES, p_real=0.998))
    promoted(database)
    kept, told = settled(database)
    assert kept == told
    assert kept["limits"] == {"worsens_at_most": 0.01, "alpha": 0.05, "least_cases": 5, "days": 365}
    [found] = kept["evidence"]
    assert (found["source"], found["photos"], found["left_out"]) == ("applicants", 12, 1)
    judged = {one["value"]: (one["of"], one["becomes"]["errors"], one["becomes"]["judged"]) for one in found["groups"]}
    assert judged == {"female": ("real", 0, 6), "male": ("real", 0, 6)}


def test_a_model_that_scored_nothing_passes_and_the_record_says_that_nothing_was_known(database, past):
    promoted(database)
    [found] = settled(database)[0]["evidence"]
    assert (found["photos"], found["left_out"], found["groups"]) == (0, 13, [])


def test_both_models_are_heard_on_the_same_photos_whichever_of_them_decided(database, beside, past):
    says(database, beside, past["female"], replace(FACES, p_real=0.5))
    with database.transaction() as session:
        forth = judged_by_both(session, NOW, THEN, 30, KMS)
        back = judged_by_both(session, THEN, NOW, 30, KMS)
    key = "sex", "female", Truth.REAL
    assert forth.judged_groups == {(*key, Verdict.APPROVED, Verdict.IN_REVIEW): 6}
    assert back.judged_groups == {(*key, Verdict.IN_REVIEW, Verdict.APPROVED): 6}


def test_a_model_for_generated_pictures_is_heard_too(database, past):
    asks = replace(LIVE, name="asks", camera_photo=CameraPhoto(flag_at=0.9))
    ann, bob = admins(database)
    with database.transaction() as session:
        policies.record(session, asks)
        models.record(session, CAMERA)
    shadow = proposed(database, ann, Change(policy=asks.reference, camera=CAMERA.reference), Slot.SHADOW)
    says(database, approved(database, bob, shadow), past["male"], replace(FACES, p_ai_generated=0.97))
    with database.transaction() as session:
        counts = judged_by_both(session, Hearing(asks, STUDENT.reference), camera(asks), 30, KMS)
    assert counts.judged_groups == {("sex", "male", Truth.REAL, Verdict.APPROVED, Verdict.IN_REVIEW): 6}
    assert counts.left_out == 7


def camera(profile):
    return Hearing(profile, STUDENT.reference, CAMERA.reference)


def test_without_limits_nobody_asks_and_nothing_is_kept(database, past):
    silent = replace(LIVE, fairness=None)
    with database.transaction() as session:
        assert require_fair(session, Hearing(silent, "a@1"), Hearing(silent, "b@1"), KMS) is None
