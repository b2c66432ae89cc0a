"""Erasing an applicant: nothing about them can be read any more, and everybody can see that it happened."""

import pytest
from sqlalchemy import select

from photogate.access.keys import Client
from photogate.applicants.queries import by_reference
from photogate.applicants.sealing import DataKey
from photogate.applicants.service import Erased, reference_of
from photogate.applicants.tables import Applicant
from photogate.applications import queries as applications
from photogate.applications.notes import read_note
from photogate.applications.photo_keys import keys_of
from photogate.applications.tables import ActorKind, DecisionRecord, Stage
from photogate.audit import queries as audit
from photogate.audit.tables import EventKind
from photogate.errors import Conflict, NotFound, Unavailable
from photogate.jobs.service import LeaseLost
from photogate.privacy import erasure, holds
from photogate.privacy.holdings import holdings
from photogate.releases import service as releases
from photogate.releases.keys import new_key
from photogate.releases.tables import PrintRelease
from photogate.releases.token import Signer
from photogate.reviews.service import ClaimLost
from photogate.screening.verdicts import ApplicationStatus
from tests.factories import CLIENT, LEASE, PORTRAIT, claim, finish, submit
from tests.integration.photogate.applicant import (
    NOTE,
    PIXELS,
    REFERENCE,
    applicant,
    applied,
    approved,
    every_row,
    places_of,
    row,
)
from tests.keys import KMS

ACTOR = "user:test"


def erase(database, store, reference=REFERENCE):
    with database.transaction() as session:
        made = erasure.erase(session, applicant(session, reference), ACTOR)
    erasure.remove_objects(store, made.held.objects)
    return made


def test_the_personal_bytes_lie_nowhere_in_the_clear_even_before(database, store, services, database_urls):
    approved(database, applied(database, store))
    rows, objects = (
        list(every_row(services.superuser_url, database_urls.app)),
        [store.get(key) for key in store.keys("")],
    )
    assert len(objects) == 3
    assert [places_of(marker, rows, objects) for marker in (REFERENCE.encode(), NOTE.encode(), PIXELS)] == [0, 0, 0]


def test_after_erasure_keys_objects_and_reference_are_gone_and_the_history_stays(database, store):
    case = applied(database, store)
    decision = approved(database, case)
    with database.transaction() as session:
        applicant_id = applicant(session).id
    made = erase(database, store)
    assert (made.held.photos, made.held.notes, len(made.held.objects)) == (1, 1, 3)
    assert list(store.keys("")) == []
    with database.transaction() as session:
        gone = session.get_one(Applicant, applicant_id)
        kept = [gone.reference_digest, gone.sealed_reference, gone.wrapped_key, gone.master_key_id]
        application = applications.application(session, CLIENT.name, case.application_id)
        events = audit.history(session, case.application_id)
    assert kept == [None] * 4
    assert gone.erased_at is not None
    assert application.status is ApplicationStatus.ERASED
    assert (reference_of(KMS, gone), read_note(KMS, gone, decision)) == (None, None)
    assert events[-1].kind is EventKind.APPLICANT_ERASED
    assert (events[-1].id, events[-1].actor) == (made.event_ids[0], ACTOR)
    assert EventKind.DECISION_MADE in {event.kind for event in events}


def test_what_was_sealed_stays_sealed_for_whoever_has_a_copy(database, store):
    case = applied(database, store)
    decision = approved(database, case)
    erase(database, store)
    with database.transaction() as session, pytest.raises(Erased):
        keys_of(session, case.photo_id).open(KMS)
    with database.transaction() as session:
        sealed = session.get_one(DecisionRecord, decision.id).sealed_note
    assert NOTE.encode() not in sealed


def test_the_reference_can_be_used_again_by_somebody_new(database, store):
    applied(database, store)
    erase(database, store)
    with database.transaction() as session, pytest.raises(NotFound):
        by_reference(session, KMS, CLIENT.name, REFERENCE)
    again = applied(database, store)
    with database.transaction() as session:
        assert holdings(session, applicant(session)).applications == (again.application_id,)


def test_one_clients_erasure_is_not_anothers(database, store):
    applied(database, store)
    submit(database, Client("harbour office", frozenset()), REFERENCE)
    erase(database, store)
    with database.transaction() as session:
        assert reference_of(KMS, by_reference(session, KMS, "harbour office", REFERENCE)) == REFERENCE


def test_a_worker_in_the_middle_of_it_writes_nothing(database, store):
    photo = submit(database, reference=REFERENCE)
    job = claim(database, photo.id)
    erase(database, store)
    with pytest.raises(LeaseLost):
        finish(database, job, PORTRAIT)
    with database.transaction() as session:
        assert session.scalars(select(DecisionRecord)).all() == []
    assert claim(database, photo.id) is None


def test_a_case_before_people_is_closed_and_cannot_be_decided(database, store):
    case = applied(database, store)
    erase(database, store)
    photo = row(database, case)
    assert (photo.stage, photo.original_key, photo.crop_key, photo.review_key) == (Stage.DECIDED, None, None, None)
    with pytest.raises((ClaimLost, ValueError, Conflict)):
        approved(database, case)


def test_nothing_can_be_released_for_print_and_what_was_is_withdrawn(database, store, settings):
    new_key(settings.signing_key_file)
    signer = Signer.load(settings.signing_key_file)
    case = applied(database, store, found=PORTRAIT)
    sha256 = row(database, case).sha256

    def release():
        with database.transaction() as session:
            return releases.release(session, signer, CLIENT, case.application_id, sha256, valid_for=LEASE).row

    before = release()
    erase(database, store)
    with database.transaction() as session:
        assert session.get_one(PrintRelease, before.id).ended_at is not None
    with pytest.raises(releases.NotApproved):
        release()


def test_a_legal_hold_forbids_it_until_it_is_released(database, store):
    case = applied(database, store)
    with database.transaction() as session:
        holds.hold(session, KMS, applicant(session), "court order 17/2026", ACTOR)
    with pytest.raises(erasure.OnHold) as refused:
        erase(database, store)
    assert refused.value.status == 409
    assert len(list(store.keys(""))) == 3
    with database.transaction() as session:
        held = applicant(session)
        assert holds.hold_reason(KMS, held) == "court order 17/2026"
        with pytest.raises(Conflict, match="already"):
            holds.hold(session, KMS, held, "again", ACTOR)
        holds.release_hold(session, held, ACTOR)
        with pytest.raises(Conflict, match="no legal hold"):
            holds.release_hold(session, held, ACTOR)
    erase(database, store)
    with database.transaction() as session:
        kinds = [event.kind for event in audit.history(session, case.application_id)]
    assert kinds[-3:] == [EventKind.LEGAL_HOLD_PLACED, EventKind.LEGAL_HOLD_RELEASED, EventKind.APPLICANT_ERASED]


def test_a_store_that_is_away_leaves_what_nobody_can_open(database, store):
    class Away:
        def delete(self, key):
            raise Unavailable("away")

    case = applied(database, store)
    with database.transaction() as session:
        keys = keys_of(session, case.photo_id)
        made = erasure.erase(session, applicant(session), ACTOR)
    assert erasure.remove_objects(Away(), made.held.objects) == 3
    assert len(list(store.keys(""))) == 3
    with database.transaction() as session, pytest.raises(Erased):
        keys_of(session, case.photo_id).open(KMS)
    assert isinstance(keys.open(KMS), DataKey), "a wrapped key in a backup opens until the master key is destroyed"


def test_a_decision_of_nobody_in_particular_is_still_found(database, store):
    case = applied(database, store, found=PORTRAIT)
    erase(database, store)
    with database.transaction() as session:
        [decision] = applications.decisions(session, case.application_id)
    assert decision.actor_kind is ActorKind.POLICY
