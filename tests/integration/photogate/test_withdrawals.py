"""A release ends with the decision it rests on, and everybody concerned hears of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import ProgrammingError

from photogate.audit.tables import Event, EventKind
from photogate.errors import Conflict
from photogate.outbox import endpoints
from photogate.outbox.tables import Message
from photogate.releases import service
from photogate.releases.keys import key_set, new_key, signing_key
from photogate.releases.tables import EndReason, PrintRelease, ReleaseState
from photogate.releases.token import Signer
from photogate.screening.verdicts import Verdict
from printing.verifier import KeySet
from tests.factories import CLIENT, PORTRAIT, decided, user
from tests.integration.photogate.releasing import events, let_go, mark, read, release, revoked, supersede
from tests.keys import KMS


@pytest.fixture
def key(tmp_path):
    path = tmp_path / "release.pem"
    new_key(path)
    return path


@pytest.fixture
def keys(key):
    return KeySet.parse(key_set([signing_key(key).public_key()]))


@pytest.fixture
def approved(database):
    return decided(database, PORTRAIT)


@pytest.fixture
def ada(database):
    return user(database)


@pytest.mark.parametrize("verdict", list(Verdict))
@pytest.mark.parametrize("hold", [True, False], ids=["held", "released"])
def test_another_decision_withdraws_the_release_by_itself(database, key, approved, ada, verdict, hold):
    released = release(database, key, approved.application_id, hold=hold)
    supersede(database, approved, ada, verdict)
    after = read(database, released)
    assert (after.state, after.ended_because) == (ReleaseState.CANCELLED, EndReason.SUPERSEDED)
    assert events(database, approved.application_id)[-1] is EventKind.PRINT_WITHDRAWN
    with pytest.raises(Conflict):
        mark(database, released, ReleaseState.ISSUED)
    with pytest.raises(Conflict):
        let_go(database, key, released)


def test_a_withdrawal_is_undone_with_the_decision_that_caused_it(database, key, approved, ada):
    released = release(database, key, approved.application_id)
    with pytest.raises(ConnectionError):
        supersede(database, approved, ada, then=ConnectionError())
    assert read(database, released).state is ReleaseState.RELEASED


def test_an_issued_card_is_not_taken_back(database, key, approved, ada):
    released = release(database, key, approved.application_id)
    mark(database, released, ReleaseState.ISSUED)
    supersede(database, approved, ada)
    assert read(database, released).state is ReleaseState.ISSUED


def test_after_a_new_approval_the_photo_is_released_anew_and_only_anew(database, key, keys, approved, ada):
    first = release(database, key, approved.application_id)
    anew = supersede(database, approved, ada, Verdict.APPROVED)
    second = release(database, key, approved.application_id)
    assert (second.decision_id, second.id != first.id) == (anew.id, True)
    assert revoked(database, key, keys) == {str(first.id)}


@pytest.mark.parametrize("end", [ReleaseState.ISSUED, ReleaseState.CANCELLED, ReleaseState.FAILED])
def test_whatever_ended_before_its_token_is_on_the_list(database, key, keys, approved, end):
    released = release(database, key, approved.application_id)
    assert revoked(database, key, keys) == set()
    mark(database, released, end)
    assert revoked(database, key, keys) == {str(released.id)}


def test_tokens_that_nobody_takes_any_more_leave_the_list(database, key, keys, approved):
    released = release(database, key, approved.application_id, valid_for=timedelta(days=-2))
    mark(database, released, ReleaseState.CANCELLED)
    assert revoked(database, key, keys) == set()


def test_a_release_whose_time_is_up_is_ended_and_its_client_told(database, key, approved):
    with database.transaction() as session:
        endpoints.add(session, KMS, CLIENT.name, "https://printer.example.org/", allow_private=False, actor="system")
    late = release(database, key, approved.application_id, valid_for=timedelta(0))
    for ended in (1, 0):
        with database.transaction() as session:
            assert service.expire(session, limit=10) == ended
    assert read(database, late).ended_because is EndReason.EXPIRED
    assert events(database, approved.application_id)[-1] is EventKind.PRINT_EXPIRED
    assert told(database)[-1] == ("print_release.expired", str(late.id), "cancelled")


def told(database):
    with database.transaction() as session:
        of_releases = Message.kind.startswith("print_release.")
        messages = session.scalars(select(Message).where(of_releases).order_by(Message.id))
        return [(message.kind, message.payload["data"]["id"], message.payload["data"]["state"]) for message in messages]


def test_the_clients_webhooks_hear_of_every_change_and_nobody_elses(database, key, approved, ada):
    with database.transaction() as session:
        for client, url in ((CLIENT.name, "https://a.example.org/"), ("harbour office", "https://b.example.org/")):
            endpoints.add(session, KMS, client, url, allow_private=False, actor="system")
    held = release(database, key, approved.application_id, hold=True)
    let_go(database, key, held)
    supersede(database, approved, ada)
    assert told(database) == [
        ("print_release.held", str(held.id), "held"),
        ("print_release.released", str(held.id), "released"),
        ("print_release.withdrawn", str(held.id), "cancelled"),
    ]


def test_the_first_use_of_a_signing_key_is_an_event(database, key, approved, tmp_path):
    new_key(tmp_path / "next.pem")
    for signing in (key, key, tmp_path / "next.pem"):
        mark(database, release(database, signing, approved.application_id), ReleaseState.FAILED)
    with database.transaction() as session:
        used = session.scalars(select(Event.details["key"].astext).where(Event.kind == EventKind.PRINT_KEY_FIRST_USED))
        assert sorted(used) == sorted(Signer.load(path).key_id for path in (key, tmp_path / "next.pem"))


@pytest.mark.parametrize("column", ["photo_sha256", "application_id", "decision_id", "photo_id", "id", "created_at"])
def test_the_application_cannot_turn_a_release_to_another_purpose(database, key, approved, column):
    release(database, key, approved.application_id)
    with pytest.raises(ProgrammingError, match="permission denied"), database.transaction() as session:
        session.execute(update(PrintRelease).values({column: getattr(PrintRelease, column)}))
