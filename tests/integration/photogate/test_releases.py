"""Nothing is printed that no current decision approves."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from photogate.access.keys import Client
from photogate.applications.tables import Photo
from photogate.database import new_id
from photogate.errors import Conflict, NotFound
from photogate.releases import service
from photogate.releases.service import AlreadyIssued, NotApproved
from photogate.releases.tables import PrintRelease, ReleaseState
from photogate.releases.token import Signer, new_key, verify
from tests.factories import CLIENT, PLACEHOLDER, PORTRAIT, TWO_PEOPLE, decided, photo_file

VALID_FOR = timedelta(hours=1)
PHOTO = photo_file()


@pytest.fixture
def key(tmp_path):
    path = tmp_path / "release.pem"
    new_key(path)
    return path


@pytest.fixture
def approved(database):
    return decided(database, PORTRAIT)


def release(database, key, application_id, sha256=PHOTO.sha256, client=CLIENT, valid_for=VALID_FOR):
    with database.transaction() as session:
        return service.release(session, Signer.load(key), client, application_id, sha256, valid_for=valid_for).row


def mark(database, released, state, client=CLIENT):
    with database.transaction() as session:
        return service.mark(session, client, released.id, state)


def test_a_release_binds_photo_decision_models_and_policy(database, key, approved):
    released = release(database, key, approved.application_id)
    claims = verify(released.token, PHOTO.content, key.with_suffix(".pub.pem").read_bytes())
    assert (claims.application_id, claims.decision_id) == (approved.application_id, approved.id)
    assert (claims.photo_sha256, claims.models, claims.policy) == (PHOTO.sha256, approved.models, approved.policy)


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


def test_twenty_requests_at_once_give_one_release(database, key, approved):
    with ThreadPoolExecutor(10) as printers:
        tokens = set(printers.map(lambda _: release(database, key, approved.application_id).token, range(20)))
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
