"""What tests of the print gate do: ask, let go, mark, decide anew, and look."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from photogate.applications import decisions
from photogate.audit.tables import Event, EventKind
from photogate.releases import service
from photogate.releases.tables import PrintRelease
from photogate.releases.token import Signer
from photogate.screening.decision import Decision
from photogate.screening.verdicts import Verdict
from printing.verifier import read_revoked
from tests.factories import CLIENT, photo_file

VALID_FOR = timedelta(hours=1)
PHOTO = photo_file()


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
