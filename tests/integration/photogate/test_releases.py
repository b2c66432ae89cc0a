"""Nothing is printed that no current decision approves."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import ProgrammingError

from photogate.access.keys import Client
from photogate.applications import decisions
from photogate.applications.tables import Photo
from photogate.audit.tables import Event, EventKind
from photogate.database import new_id
from photogate.errors import Conflict, NotFound
from photogate.outbox import endpoints
from photogate.outbox.tables import Message
from photogate.releases import service
from photogate.releases.keys import key_set, new_key, signing_key
from photogate.releases.service import AlreadyIssued, NotApproved
from photogate.releases.tables import EndReason, PrintRelease, ReleaseState
from photogate.releases.token import Signer
from photogate.screening.decision import Decision
from photogate.screening.verdicts import Verdict
from printing.verifier import KeySet, read_revoked, verify
from tests.factories import CLIENT, PLACEHOLDER, PORTRAIT, TWO_PEOPLE, decided, photo_file, user

VALID_FOR = timedelta(hours=1)
PHOTO = photo_file()


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


def release(database, key, application_id, *, sha256=PHOTO.sha256, client=CLIENT, valid_for=VALID_FOR, hold=False):
    with database.transaction() as session:
        return service.release(
            session, Signer.load(key), client, application_id, sha256, valid_for=valid_for, hold=hold
        ).row


def let_go(database, key, held, client=CLIENT):
    with database.transaction() as session:
        return service.let_go(session, Signer.load(key), client, held.id, valid_for=VALID_FOR)


def mark(database, released, state, client=CLIENT):
    with database.transaction() as session:
        return service.mark(session, client, released.id, state)


@pytest.fixture
def ada(database):
    return user(database)


def supersede(database, record, person, verdict=Verdict.REJECTED, then=None):
    """What any use case does in which a person decides anew."""
    with database.transaction() as session:
        grounds = decisions.Grounds(record.photo_id, record.assessment_id, record.models)
        anew = Decision(verdict, (), record.policy)
        written = decisions.append(session, record.application_id, anew, grounds, user_id=person.id)
        service.withdraw_superseded(session, written)
        if then is not None:
            raise then
        return written


def read(database, released) -> PrintRelease:
    with database.transaction() as session:
        return session.get_one(PrintRelease, released.id)


def revoked(database, key, keys):
    with database.transaction() as session:
        listed = service.revoked(session, Signer.load(key))
    return read_revoked(listed, keys, now=datetime.now(UTC)).release_ids


def events(database, application_id) -> list[EventKind]:
    with database.transaction() as session:
        of_this = select(Event.kind).where(Event.application_id == application_id).order_by(Event.created_at)
        return [kind for kind in session.scalars(of_this) if kind.value.startswith("print_")]


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
        endpoints.add(session, CLIENT.name, "https://printer.example.org/", allow_private=False, actor="system")
    late = release(database, key, approved.application_id, valid_for=timedelta(0))
    for ended in (1, 0):
        with database.transaction() as session:
            assert service.expire(session, limit=10) == ended
    assert read(database, late).ended_because is EndReason.EXPIRED
    assert events(database, approved.application_id)[-1] is EventKind.PRINT_EXPIRED
    assert told(database)[-1] == ("print_release.expired", str(late.id), "cancelled")


def told(database):
    with database.transaction() as session:
        messages = session.scalars(select(Message).order_by(Message.id))
        return [(message.kind, message.payload["data"]["id"], message.payload["data"]["state"]) for message in messages]


def test_the_clients_webhooks_hear_of_every_change_and_nobody_elses(database, key, approved, ada):
    with database.transaction() as session:
        for client, url in ((CLIENT.name, "https://a.example.org/"), ("harbour office", "https://b.example.org/")):
            endpoints.add(session, client, url, allow_private=False, actor="system")
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
