"""Nothing is printed that no current decision approves."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from photogate.access.keys import Client
from photogate.applications.tables import Photo
from photogate.audit.tables import EventKind
from photogate.database import new_id
from photogate.errors import Conflict, NotFound
from photogate.releases.keys import key_set, new_key, signing_key
from photogate.releases.service import AlreadyIssued, NotApproved
from photogate.releases.tables import EndReason, PrintRelease, ReleaseState
from printing.verifier import KeySet, verify
from tests.factories import CLIENT, PLACEHOLDER, PORTRAIT, TWO_PEOPLE, decided
from tests.integration.photogate.releasing import PHOTO, events, let_go, mark, release, revoked


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


def test_a_release_binds_photo_decision_models_and_policy(database, key, keys, approved):
    released = release(database, key, approved.application_id)
    found = verify(released.token, PHOTO.content, keys, now=datetime.now(UTC))
    assert (found.application_id, found.decision_id) == (str(approved.application_id), str(approved.id))
    assert (found.photo_sha256, found.models, found.policy) == (PHOTO.sha256, approved.models, approved.policy)
    assert (released.key_id, released.ended_because) == (found.key_id, None)


@pytest.mark.parametrize("found", [PLACEHOLDER, TWO_PEOPLE])
def test_what_is_not_approved_is_not_released(database, key, found):
    record = decided(database, found)
    with pytest.raises(NotApproved):
        release(database, key, record.application_id)


def test_other_bytes_are_not_released(database, key, approved):
    with pytest.raises(NotApproved, match="other bytes"):
        release(database, key, approved.application_id, sha256="0" * 64)


def test_another_clients_application_is_not_there(database, key, approved):
    for client, application_id in ((Client("other", frozenset()), approved.application_id), (CLIENT, new_id())):
        with pytest.raises(NotFound):
            release(database, key, application_id, client=client)


def test_fifty_requests_at_once_give_one_release(database, key, approved):
    with ThreadPoolExecutor(50) as printers:
        tokens = set(printers.map(lambda _: release(database, key, approved.application_id).token, range(50)))
    with database.transaction() as session:
        assert session.scalars(select(func.count()).select_from(PrintRelease)).one() == 1
    assert len(tokens) == 1


def test_an_issued_card_ends_the_matter(database, key, approved):
    released = release(database, key, approved.application_id)
    assert mark(database, released, ReleaseState.ISSUED).state is ReleaseState.ISSUED
    assert mark(database, released, ReleaseState.ISSUED).state is ReleaseState.ISSUED
    with pytest.raises(AlreadyIssued):
        release(database, key, approved.application_id)
    with pytest.raises(Conflict, match="issued already"):
        mark(database, released, ReleaseState.CANCELLED)


@pytest.mark.parametrize("ended", [ReleaseState.CANCELLED, ReleaseState.FAILED])
def test_after_a_cancelled_or_failed_print_a_new_release_can_be_had(database, key, approved, ended):
    first = release(database, key, approved.application_id)
    mark(database, first, ended)
    assert release(database, key, approved.application_id).id != first.id


def test_an_expired_release_is_replaced_and_cannot_be_issued(database, key, approved):
    first = release(database, key, approved.application_id, valid_for=timedelta(0))
    with pytest.raises(Conflict, match="expired"):
        mark(database, first, ReleaseState.ISSUED)
    second = release(database, key, approved.application_id)
    assert second.id != first.id
    with pytest.raises(Conflict, match="cancelled already"):
        mark(database, first, ReleaseState.ISSUED)


def test_the_release_of_another_client_cannot_be_marked(database, key, approved):
    released = release(database, key, approved.application_id)
    with pytest.raises(NotFound):
        mark(database, released, ReleaseState.ISSUED, client=Client("other", frozenset()))


def test_the_row_cannot_lie_about_the_photo(database, key, approved):
    with database.transaction() as session:
        session.execute(update(Photo).values(sha256="f" * 64))
    with pytest.raises(NotApproved):
        release(database, key, approved.application_id)


def test_what_is_held_has_no_token_until_it_is_let_go(database, key, keys, approved):
    held = release(database, key, approved.application_id, hold=True)
    assert (held.state, held.token) == (ReleaseState.HELD, None)
    for hold in (True, False):
        again = release(database, key, approved.application_id, hold=hold)
        assert (again.id, again.state) == (held.id, ReleaseState.HELD), "asking again lets nothing go"
    for state in (ReleaseState.ISSUED, ReleaseState.FAILED):
        with pytest.raises(Conflict, match="nothing can have been printed"):
            mark(database, held, state)
    released = let_go(database, key, held)
    assert (released.id, released.state) == (held.id, ReleaseState.RELEASED)
    assert verify(released.token, PHOTO.content, keys, now=datetime.now(UTC)).release_id == str(held.id)
    assert let_go(database, key, held).token == released.token
    assert events(database, approved.application_id) == [EventKind.PRINT_HELD, EventKind.PRINT_RELEASED]


def test_fifty_that_let_go_at_once_sign_once(database, key, approved):
    held = release(database, key, approved.application_id, hold=True)
    with ThreadPoolExecutor(50) as printers:
        tokens = set(printers.map(lambda _: let_go(database, key, held).token, range(50)))
    assert len(tokens) == 1
    assert events(database, approved.application_id) == [EventKind.PRINT_HELD, EventKind.PRINT_RELEASED]


def test_a_held_release_can_be_cancelled_and_does_not_go_on_the_list(database, key, keys, approved):
    held = release(database, key, approved.application_id, hold=True)
    assert mark(database, held, ReleaseState.CANCELLED).ended_because is EndReason.REQUESTED
    with pytest.raises(Conflict, match="cancelled already"):
        let_go(database, key, held)
    assert revoked(database, key, keys) == set()


def test_a_held_release_whose_time_is_up_is_not_let_go(database, key, approved):
    held = release(database, key, approved.application_id, hold=True, valid_for=timedelta(0))
    with pytest.raises(Conflict, match="held release has expired"):
        let_go(database, key, held)


def test_what_another_client_holds_is_not_there(database, key, approved):
    held = release(database, key, approved.application_id, hold=True)
    with pytest.raises(NotFound):
        let_go(database, key, held, client=Client("other", frozenset()))
