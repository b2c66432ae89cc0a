"""Labelled photos speak for groups of which applicants say too little."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from photogate.access.tables import Role
from photogate.audit.tables import Event, EventKind
from photogate.errors import Forbidden, Unprocessable
from photogate.fairness.hearing import Hearing
from photogate.fairness.labelled import LabelledPhoto, Measured, digest_of, of_labelled, record
from photogate.fairness.service import Unfair, require_fair
from photogate.promotions import models
from photogate.screening.risk import Truth
from tests.factories import PLACEHOLDER, PORTRAIT, user
from tests.integration.photogate.promoted import BETTER, STUDENT
from tests.integration.photogate.test_fairness import FEW, HARSH, LIVE, photographed
from tests.keys import KMS

NOW, THEN = Hearing(LIVE, STUDENT.reference), Hearing(LIVE, BETTER.reference)
REFUSED = replace(PORTRAIT, p_real=0.001)


@pytest.fixture
def ann(database):
    with database.transaction() as session:
        for one in (STUDENT, BETTER):
            models.record(session, one)
    return user(database, Role.ADMIN, "ann@example.org")


def labelled(found, *, sex="female", shows=Truth.REAL, many=8, first=0):
    groups = {"sex": sex, "shoe_size": "44"}
    return [LabelledPhoto(f"{first + n:064x}", shows, groups, found) for n in range(many)]


def kept(database, person, model, photos, name="faces.csv", camera=None):
    with database.transaction() as session:
        return record(session, person, Measured(name, model.reference, camera, photos))


def asked(database, live=NOW, proposed=THEN):
    with database.transaction() as session:
        return require_fair(session, live, proposed, KMS)


def test_a_model_that_refuses_the_labelled_faces_of_a_group_is_refused_with_the_figures(database, ann):
    kept(database, ann, STUDENT, labelled(PORTRAIT) + labelled(PORTRAIT, sex="male", first=50))
    kept(database, ann, BETTER, labelled(REFUSED) + labelled(PORTRAIT, sex="male", first=50))
    with pytest.raises(Unfair) as refused:
        asked(database)
    assert (
        "sex: female, among the labelled photos faces.csv, real faces refused would rise from 0 % (0 of 8"
        in refused.value.detail
    )


def test_a_model_that_approves_labelled_placeholders_of_a_group_is_refused(database, ann):
    kept(database, ann, STUDENT, labelled(PLACEHOLDER, shows=Truth.PLACEHOLDER))
    kept(database, ann, BETTER, labelled(PORTRAIT, shows=Truth.PLACEHOLDER))
    with pytest.raises(Unfair, match="placeholders approved would rise"):
        asked(database)


def test_what_worsens_nobody_passes_and_the_record_names_the_data(database, ann):
    rows = [kept(database, ann, one, labelled(PORTRAIT)) for one in (STUDENT, BETTER)]
    applicants, found = asked(database)["evidence"]
    assert (applicants["source"], applicants["photos"]) == ("applicants", 0)
    assert (found["source"], found["photos"]) == ("labelled", 8)
    assert found["data"]["sha256"] == rows[0].sha256 == rows[1].sha256
    assert found["data"]["measured"] == tuple(map(digest_of, rows))
    [group] = found["groups"]
    assert (group["attribute"], group["value"], group["becomes"]["judged"]) == ("sex", "female", 8)


def test_a_change_of_profile_is_judged_by_them_too(database, ann):
    kept(database, ann, STUDENT, labelled(replace(PORTRAIT, p_real=0.96)))
    with pytest.raises(Unfair, match="labelled photos"):
        asked(database, NOW, Hearing(HARSH, STUDENT.reference))


def test_where_applicants_say_enough_of_a_group_labels_say_nothing(database, ann):
    person = user(database, Role.REVIEWER)
    found = replace(PORTRAIT, models={STUDENT.reference: "ab" * 32})
    for number in range(FEW.least_cases):
        photographed(database, person, found, {"sex": "female"}, f"F-{number}")
    kept(database, ann, STUDENT, labelled(PORTRAIT) + labelled(PORTRAIT, sex="male", first=50))
    more = replace(LIVE, version=LIVE.version + 1)
    applicants, labels = asked(database, NOW, Hearing(more, STUDENT.reference))["evidence"]
    assert [one["value"] for one in applicants["groups"]] == ["female"]
    assert [one["value"] for one in labels["groups"]] == ["male"]


def test_only_the_same_photos_with_the_same_labels_are_compared_and_the_newest_count(database, ann):
    kept(database, ann, STUDENT, labelled(PORTRAIT))
    kept(database, ann, BETTER, labelled(PORTRAIT, sex="male"))
    with database.transaction() as session:
        assert of_labelled(session, NOW, THEN, FEW) is None
    for name in ("first.csv", "second.csv"):
        for one in (STUDENT, BETTER):
            kept(database, ann, one, labelled(PORTRAIT, many=9), name)
    with database.transaction() as session:
        assert of_labelled(session, NOW, THEN, FEW).data.name == "second.csv"
        assert of_labelled(session, NOW, Hearing(LIVE, BETTER.reference, "real_vs_ai@1.0.0"), FEW) is None


def test_the_log_holds_what_was_measured_to_what_it_was(database, ann):
    row = kept(database, ann, STUDENT, labelled(PORTRAIT))
    with database.transaction() as session:
        [told] = session.scalars(select(Event).where(Event.kind == EventKind.PHOTOS_MEASURED))
    assert told.details["measured"] == digest_of(row)
    assert (told.details["sha256"], told.details["photos"], told.details["model"]) == (row.sha256, 8, STUDENT.reference)


def test_only_admins_put_photos_on_record_and_only_such_as_can_be_compared(database, ann):
    rita = user(database, Role.REVIEWER, "rita@example.org")
    with pytest.raises(Forbidden, match="Only admins"):
        kept(database, rita, STUDENT, labelled(PORTRAIT))
    for photos in ([], labelled(PORTRAIT) * 2):
        with pytest.raises(Unprocessable, match="each of them another file"):
            kept(database, ann, STUDENT, photos)
