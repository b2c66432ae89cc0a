"""What has run out goes by itself; what is held, or still worked on, stays."""

from datetime import timedelta

import pytest

from photogate.applicants.service import Erased
from photogate.applications.photo_keys import keys_of
from photogate.applications.profiles import load_profile
from photogate.audit import queries as audit
from photogate.audit.tables import EventKind
from photogate.privacy import holds, orphans, retention
from photogate.privacy.retention import Swept
from photogate.screening.errors import ProfileError
from photogate.screening.profile import Retention
from tests.factories import PORTRAIT, PROFILE, TWO_PEOPLE
from tests.integration.photogate.applicant import applicant, applied, let_time_pass, row
from tests.keys import KMS

RULES = PROFILE.retention
NO_AGE = timedelta(minutes=-1)  # a store tells times in whole seconds, rounded as it likes


def sweep(database, store):
    batches = list(retention.sweep(database, store, PROFILE))
    return Swept(sum(batch.objects for batch in batches), sum(batch.applicants for batch in batches))


def test_the_default_profile_keeps_nobody_for_ever():
    assert load_profile("default").retention == Retention(180, 730, 3650)


@pytest.mark.parametrize("days", [(0, 1, 2), (3, 1, 2), (1, 3, 2), (1, 1, 0)])
def test_rules_that_cannot_be_meant_are_refused(days):
    with pytest.raises(ProfileError):
        Retention(*days)


def test_originals_go_first_then_the_pictures_then_the_applicant(database, store):
    case = applied(database, store, found=PORTRAIT)
    assert sweep(database, store) == Swept(0, 0)
    let_time_pass(database, RULES.original_days, case)
    assert sweep(database, store) == Swept(1, 0)
    assert row(database, case).original_key is None
    assert len(list(store.keys(""))) == 2
    let_time_pass(database, RULES.picture_days, case)
    assert sweep(database, store) == Swept(2, 0)
    assert list(store.keys("")) == []
    let_time_pass(database, RULES.applicant_days, case)
    assert sweep(database, store) == Swept(0, 1)
    with database.transaction() as session, pytest.raises(Erased):
        keys_of(session, case.photo_id).open(KMS)
    with database.transaction() as session:
        events = audit.history(session, case.application_id)
    assert [event.kind for event in events[-3:]] == [
        EventKind.PICTURES_REMOVED,
        EventKind.PICTURES_REMOVED,
        EventKind.APPLICANT_ERASED,
    ]
    assert [event.details.get("removed") for event in events[-3:]] == [["original"], ["crop", "review"], None]
    assert {event.actor for event in events[-3:]} == {f"policy:{PROFILE.reference}"}


def test_whoever_is_held_or_waits_for_a_person_stays_whole(database, store):
    held, waiting = applied(database, store, "held", PORTRAIT), applied(database, store, "waiting", TWO_PEOPLE)
    with database.transaction() as session:
        holds.hold(session, KMS, applicant(session, "held"), "court order", "user:test")
    let_time_pass(database, 2 * RULES.applicant_days, held, waiting)
    assert sweep(database, store) == Swept(0, 0)
    assert len(list(store.keys(""))) == 6


def test_an_applicant_stays_as_long_as_one_application_does(database, store):
    old, young = applied(database, store, found=PORTRAIT), applied(database, store, found=PORTRAIT)
    let_time_pass(database, 2 * RULES.applicant_days, old)
    assert sweep(database, store) == Swept(3, 0)
    assert None not in (row(database, young).original_key, row(database, young).crop_key)


def test_orphans_are_found_and_nothing_else_is(database, store):
    live, on_its_way = applied(database, store), applied(database, store, "B-1", PORTRAIT)
    with database.transaction() as session:
        photo = session.merge(row(database, on_its_way))
        photo.stage, photo.due_at = "prepare", photo.created_at
    expected = {f"{live.application_id}/leftover", "00000000-0000-7000-8000-000000000000/x/y"}
    spared = {
        "checkpoints/00000000000000000007",
        "latest",
        f"{on_its_way.application_id}/{on_its_way.photo_id}/crop2.png",
    }
    for name in expected | spared:
        store.put(name, b"x", "text/plain")
    found = list(orphans.search(database, store, older_than=NO_AGE))
    assert {orphan.name for piece in found for orphan in piece.orphans} == expected
    assert sum(piece.looked_at for piece in found) == 3 + 3 + len(expected | spared)
    assert not any(piece.orphans for piece in orphans.search(database, store)), "what is young may still get its row"


def test_rows_whose_object_is_gone_are_named(database, store):
    case = applied(database, store)
    assert list(orphans.missing(database, store)) == []
    store.delete(lost := row(database, case).crop_key)
    assert list(orphans.missing(database, store)) == [lost]
