"""The same picture is found again: another applicant's, a refused one, one of the bank, and by two at one moment."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from photogate.access.tables import Role
from photogate.applicants.queries import by_reference
from photogate.audit.tables import Event, EventKind
from photogate.errors import Conflict, Forbidden, NotFound, Unprocessable
from photogate.jobs import service as jobs
from photogate.pictures import bank, clusters
from photogate.pictures.bank import AlreadyKnown
from photogate.pictures.clusters import Cluster, Sightings
from photogate.pictures.service import SAME_BITS, look_up
from photogate.pictures.tables import KnownPicture, PictureFingerprint, Source
from photogate.privacy import erasure
from photogate.privacy.export import begin
from photogate.screening.decision import decide
from photogate.screening.known_pictures import KnownPictures
from photogate.screening.likeness import FURTHEST_BITS, Likeness
from photogate.screening.reasons import ReasonCode, told
from photogate.screening.verdicts import Verdict
from tests.factories import CLIENT, PORTRAIT, PROFILE, claim, decided, submit, user
from tests.integration.photogate.mandated import judged_by
from tests.integration.photogate.pictured import like, mirrored, picture, sent
from tests.keys import KMS

ASKING = replace(PROFILE, name="asking", known_pictures=KnownPictures(SAME_BITS))
PNG = b"\x89PNG crop"


def codes(made):
    return [reason["code"] for reason in made.reasons]


def fingerprint(database, photo_id):
    with database.transaction() as session:
        return session.get_one(PictureFingerprint, photo_id)


def erase(database, reference):
    with database.transaction() as session:
        erasure.erase(session, by_reference(session, KMS, CLIENT.name, reference, hold=True), "user:test")


def added(database, person, photo_id, because="A silhouette."):
    with database.transaction() as session:
        return bank.add_from_case(session, photo_id, PNG, person, because)


def test_a_first_picture_is_seen_nowhere(database):
    made, found = sent(database, "A-1", picture(1), ASKING)
    assert (made.verdict, codes(made)) == (Verdict.APPROVED, [])
    assert (found.seen.elsewhere, found.seen.refused, found.seen.placeholder) == (None, None, None)


@pytest.mark.parametrize("bits", [0, 3, SAME_BITS])
def test_another_applicants_picture_goes_to_people(database, bits):
    first, _ = sent(database, "A-1", picture(1), ASKING)
    made, found = sent(database, "A-2", like(1, bits), ASKING)
    assert (made.verdict, codes(made)) == (Verdict.IN_REVIEW, [ReasonCode.DUPLICATE_PICTURE])
    assert found.seen.elsewhere == Likeness(str(first.photo_id), bits)


def test_a_mirrored_picture_is_the_same_picture(database):
    first, _ = sent(database, "A-1", picture(1), ASKING)
    made, found = sent(database, "A-2", mirrored(like(1, 2)), ASKING)
    assert codes(made) == [ReasonCode.DUPLICATE_PICTURE]
    assert found.seen.elsewhere == Likeness(str(first.photo_id), 2, mirrored=True)


def test_an_applicants_own_picture_is_no_duplicate(database):
    for _ in range(3):
        assert sent(database, "A-1", picture(1), ASKING)[0].verdict is Verdict.APPROVED


def test_other_pictures_are_no_duplicates(database):
    for number in range(30):
        assert sent(database, f"A-{number}", picture(number), ASKING)[0].verdict is Verdict.APPROVED


def test_what_lies_too_far_away_is_not_found(database):
    sent(database, "A-1", picture(1), ASKING)
    assert sent(database, "A-2", like(1, FURTHEST_BITS + 1), ASKING)[0].verdict is Verdict.APPROVED


def test_nobody_who_does_not_ask_is_told_and_the_picture_is_known_all_the_same(database):
    sent(database, "A-1", picture(1))
    made, found = sent(database, "A-2", picture(1))
    assert made.verdict is Verdict.APPROVED
    assert found.seen.elsewhere is not None


def test_what_a_person_refused_goes_to_people_again_whoever_sends_it(database):
    ada = user(database)
    sent(database, "A-1", picture(1), ASKING)
    duplicate, _ = sent(database, "A-2", picture(1), ASKING)
    judged_by(database, ada, duplicate, Verdict.REJECTED, (ReasonCode.DUPLICATE_PICTURE,))
    again, found = sent(database, "A-1", picture(1), ASKING)
    assert ReasonCode.REFUSED_BEFORE in codes(again)
    assert found.seen.refused.id == str(duplicate.photo_id)


def test_what_a_person_approved_is_not_refused_before(database):
    sent(database, "A-1", picture(1), ASKING)
    duplicate, _ = sent(database, "A-2", picture(1), ASKING)
    judged_by(database, user(database), duplicate)
    assert sent(database, "A-2", picture(1), ASKING)[1].seen.refused is None


def test_that_a_picture_is_somebody_elses_is_not_told_to_clients(database):
    sent(database, "A-1", picture(1), ASKING)
    duplicate, _ = sent(database, "A-2", picture(1), ASKING)
    made = judged_by(database, user(database), duplicate, Verdict.REJECTED, (ReasonCode.DUPLICATE_PICTURE,))
    assert codes(made) == [ReasonCode.DUPLICATE_PICTURE]
    assert told(made.reasons) == []


def test_of_two_that_come_at_the_same_moment_one_sees_the_other(database):
    photos = [claim(database, submit(database, CLIENT, f"A-{number}").id) for number in range(6)]
    meet, found = threading.Barrier(len(photos)), []

    def work(job):
        meet.wait()
        with database.transaction() as session:
            sighting = look_up(session, job.keys.applicant_id, like(1, job.photo_id.int % 5))
            seen = replace(PORTRAIT, seen=sighting.seen)
            jobs.finish(session, job, seen, decide(seen, ASKING), sighting=sighting)
        found.append(sighting.seen.elsewhere)

    workers = [threading.Thread(target=work, args=[job]) for job in photos]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (len(found), found.count(None)) == (6, 1)


def test_a_picture_that_came_often_stands_in_the_index_once(database):
    first, *others = (sent(database, f"A-{number}", like(1, number % 3))[0].photo_id for number in range(8))
    with database.transaction() as session:
        indexed = session.scalars(select(PictureFingerprint).where(PictureFingerprint.bands.is_not(None))).all()
        assert [one.photo_id for one in indexed] == [first]
        assert clusters.repeated(session, limit=5) == [Cluster(first, Sightings(8, 8))]
    assert {fingerprint(database, photo_id).same_as for photo_id in others} == {first}


def test_clusters_that_a_picture_joins_become_one(database):
    one, other = SAME_BITS, SAME_BITS
    first, _ = sent(database, "A-1", picture(1))
    second, _ = sent(database, "A-2", like(1, one + other))
    assert fingerprint(database, second.photo_id).bands is not None
    sent(database, "A-3", like(1, one))
    assert fingerprint(database, second.photo_id).cluster_id == first.photo_id
    with database.transaction() as session:
        assert clusters.repeated(session, limit=5) == [Cluster(first.photo_id, Sightings(3, 3))]


def test_one_applicants_pictures_are_no_cluster(database):
    for _ in range(3):
        sent(database, "A-1", picture(1))
    with database.transaction() as session:
        assert clusters.repeated(session, limit=5) == []


def test_an_erased_applicants_picture_is_forgotten(database):
    first, _ = sent(database, "A-1", picture(1), ASKING)
    erase(database, "A-1")
    left = fingerprint(database, first.photo_id)
    assert [left.perceptual, left.signs, left.embedder, left.bands, left.same_as] == [None] * 5
    made, found = sent(database, "A-2", picture(1), ASKING)
    assert (made.verdict, found.seen.elsewhere) == (Verdict.APPROVED, None)


def test_when_the_first_of_its_kind_is_erased_the_next_one_takes_its_place(database):
    photos = [sent(database, f"A-{number}", like(1, number))[0].photo_id for number in range(4)]
    erase(database, "A-0")
    heir = fingerprint(database, photos[1])
    assert (heir.same_as, heir.bands is not None) == (None, True)
    assert {fingerprint(database, photo_id).same_as for photo_id in photos[2:]} == {heir.photo_id}
    found = sent(database, "A-9", like(1, 1), ASKING)[1]
    assert found.seen.elsewhere == Likeness(str(heir.photo_id), 0)
    with database.transaction() as session:
        [cluster] = clusters.repeated(session, limit=5)
        assert (cluster.photo_id, cluster.seen) == (heir.photo_id, Sightings(4, 4))


def test_an_export_holds_the_applicants_fingerprints(database):
    sent(database, "A-1", picture(1))
    sent(database, "A-2", picture(2))
    with database.transaction() as session:
        applicant = by_reference(session, KMS, CLIENT.name, "A-1")
        statement = begin(session, KMS, applicant, "user:test").statement
    [taken] = statement["fingerprints"]
    assert taken["perceptual"] == f"{int.from_bytes(picture(1).direct):0256b}"


def test_a_picture_of_the_bank_asks_for_a_photo(database):
    ada = user(database)
    first, _ = sent(database, "A-1", picture(1), ASKING)
    known = added(database, ada, first.photo_id)
    made, found = sent(database, "A-2", like(1, 4), ASKING)
    assert (made.verdict, codes(made)) == (Verdict.RESUBMISSION_REQUESTED, [ReasonCode.KNOWN_PLACEHOLDER])
    assert found.seen.placeholder == Likeness(str(known.id), 4)


def test_the_bank_says_from_where_by_whom_why_and_how_often(database):
    ada = user(database)
    first, _ = sent(database, "A-1", picture(1))
    sent(database, "A-2", like(1, 1))
    sent(database, "A-2", like(1, 2))
    known = added(database, ada, first.photo_id)
    with database.transaction() as session:
        [shown] = clusters.bank(session, limit=5)
        assert (shown.source, shown.photo_id, shown.decision_id) == (Source.CASE, first.photo_id, first.id)
        assert (shown.adder.name, shown.because, shown.picture) == ("Ada", "A silhouette.", PNG)
        assert clusters.sightings(session) == {known.id: Sightings(3, 2)}
        assert clusters.known(session) == {first.photo_id}
        told = session.scalars(select(Event).where(Event.kind == EventKind.KNOWN_PICTURE_ADDED)).one()
    assert (told.actor, told.application_id) == (f"user:{ada.id}", first.application_id)
    assert told.details == {"picture": str(known.id), "source": "case", "because": "A silhouette."}


def test_a_removed_picture_leaves_who_and_why_and_nothing_to_look_at(database):
    ada = user(database)
    first, _ = sent(database, "A-1", picture(1), ASKING)
    known = added(database, ada, first.photo_id)
    with database.transaction() as session:
        bank.remove(session, known.id, ada, " It shows a person. ")
    with database.transaction() as session:
        [shown] = clusters.bank(session, limit=5)
        assert (shown.remover.name, shown.removed_because) == ("Ada", "It shows a person.")
        assert (shown.perceptual, shown.bands, shown.picture) == (None, None, None)
        told = session.scalars(select(Event).where(Event.kind == EventKind.KNOWN_PICTURE_REMOVED)).one()
        assert told.details["because"] == "It shows a person."
    assert sent(database, "A-1", picture(1), ASKING)[0].verdict is Verdict.APPROVED
    assert added(database, ada, first.photo_id).id != known.id


def test_the_bank_has_a_picture_once(database):
    ada = user(database)
    first, second = (sent(database, f"A-{number}", like(1, number))[0] for number in range(2))
    added(database, ada, first.photo_id)
    for photo_id in (first.photo_id, second.photo_id):
        with pytest.raises(AlreadyKnown):
            added(database, ada, photo_id)


@pytest.mark.parametrize("because", ["", "  ", "x" * (bank.MOST_WORDS + 1)])
def test_whoever_adds_or_removes_says_why(database, because):
    ada = user(database)
    first, _ = sent(database, "A-1", picture(1))
    with pytest.raises(Unprocessable, match="Say why"):
        added(database, ada, first.photo_id, because)
    known = added(database, ada, first.photo_id)
    with pytest.raises(Unprocessable, match="Say why"), database.transaction() as session:
        bank.remove(session, known.id, ada, because)


def test_auditors_do_not_manage_the_bank(database):
    olga = user(database, Role.AUDITOR, "olga@example.org")
    first, _ = sent(database, "A-1", picture(1))
    with pytest.raises(Forbidden):
        added(database, olga, first.photo_id)


def test_what_cannot_be_added_or_removed_is_said_in_one_sentence(database):
    ada = user(database)
    plain = decided(database, PORTRAIT)
    with pytest.raises(Conflict, match="too plain"):
        added(database, ada, plain.photo_id)
    with pytest.raises(NotFound):
        added(database, ada, plain.id)
    with pytest.raises(NotFound), database.transaction() as session:
        bank.remove(session, plain.id, ada, "nothing")
    first, _ = sent(database, "A-1", picture(1))
    known = added(database, ada, first.photo_id)
    for refusal in (None, Conflict):
        with database.transaction() as session:
            if refusal is None:
                bank.remove(session, known.id, ada, "gone")
                continue
            with pytest.raises(refusal, match="removed already"):
                bank.remove(session, known.id, ada, "gone")


def test_a_photo_without_a_fingerprint_is_decided_as_before(database):
    made = decided(database, PORTRAIT)
    assert made.verdict is Verdict.APPROVED
    with database.transaction() as session:
        assert session.scalar(select(func.count()).select_from(PictureFingerprint)) == 0
        assert session.scalar(select(func.count()).select_from(KnownPicture)) == 0
