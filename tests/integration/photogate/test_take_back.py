"""An approval can be taken back by a person, and takes the print release along."""

import pytest

from photogate.applications import queries
from photogate.audit.tables import Event, EventKind
from photogate.database import new_id
from photogate.errors import Conflict, NotFound, Unprocessable
from photogate.releases import service as releases
from photogate.releases.keys import new_key, signing_key
from photogate.releases.service import NotApproved
from photogate.releases.tables import EndReason, PrintRelease
from photogate.releases.token import Signer
from photogate.reviews import service as reviews
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from tests.factories import CLIENT, LEASE, PLACEHOLDER, PORTRAIT, decided, photo_file, user

REASONS = (ReasonCode.NOT_SHARP,)


@pytest.fixture
def ada(database):
    return user(database)


@pytest.fixture
def released(database, tmp_path):
    new_key(tmp_path / "release.pem")
    return release(database, Signer(signing_key(tmp_path / "release.pem")), decided(database, PORTRAIT).application_id)


def release(database, signer, application_id) -> PrintRelease:
    with database.transaction() as session:
        return releases.release(session, signer, CLIENT, application_id, photo_file().sha256, valid_for=LEASE).row


def take_back(database, application_id, person, verdict=Verdict.REJECTED, codes=REASONS):
    with database.transaction() as session:
        return reviews.take_back(session, application_id, person, verdict, codes)


def test_what_was_released_is_withdrawn_and_everybody_can_read_why(database, released, ada, tmp_path):
    record = take_back(database, released.application_id, ada)
    with database.transaction() as session:
        after = session.get_one(PrintRelease, released.id)
        kinds = [event.kind for event in session.query(Event).order_by(Event.created_at)]
        application = queries.application(session, CLIENT.name, released.application_id)
    assert (after.state.value, after.ended_because) == ("cancelled", EndReason.SUPERSEDED)
    assert (application.current_decision_id, application.status.value) == (record.id, "rejected")
    assert (record.user_id, [reason["code"] for reason in record.reasons]) == (ada.id, ["NOT_SHARP"])
    assert kinds[-2:] == [EventKind.DECISION_MADE, EventKind.PRINT_WITHDRAWN]
    with pytest.raises(NotApproved):
        release(database, Signer(signing_key(tmp_path / "release.pem")), released.application_id)


def test_an_approval_is_taken_back_once(database, released, ada):
    take_back(database, released.application_id, ada, Verdict.RESUBMISSION_REQUESTED)
    with pytest.raises(Conflict, match="no approval to take back"):
        take_back(database, released.application_id, ada)


@pytest.mark.parametrize(
    ("verdict", "codes"),
    [
        (Verdict.APPROVED, ()),
        (Verdict.IN_REVIEW, REASONS),
        (Verdict.REJECTED, ()),
        (Verdict.REJECTED, (ReasonCode.LOW_CONFIDENCE,)),
    ],
)
def test_it_needs_a_refusal_with_a_reason(database, released, ada, verdict, codes):
    with pytest.raises(Unprocessable):
        take_back(database, released.application_id, ada, verdict, codes)
    with database.transaction() as session:
        assert session.get_one(PrintRelease, released.id).ended_at is None


def test_what_was_not_approved_or_never_was_is_not_taken_back(database, ada):
    with pytest.raises(Conflict):
        take_back(database, decided(database, PLACEHOLDER).application_id, ada)
    with pytest.raises(NotFound):
        take_back(database, new_id(), ada)
