"""Legal holds on the timeline: auditors see them, admins place and release them."""

import pytest
from sqlalchemy import select

from photogate.access.tables import Role
from photogate.applicants.tables import Applicant
from photogate.audit.tables import Event, EventKind
from photogate.privacy.erasure import OnHold, require_no_hold
from tests.factories import PORTRAIT, decided

WHY = "court order 17/2026"
PLACE, RELEASE = "Hold everything about the applicant", "Release the hold"


@pytest.fixture
def timeline(database):
    return f"/audit/applications/{decided(database, PORTRAIT).application_id}"


@pytest.fixture
def root(person):
    return person("root", Role.ADMIN)


def applicant(database):
    with database.transaction() as session:
        return session.scalars(select(Applicant)).one()


def test_an_admin_places_a_hold_and_releases_it(root, timeline, database):
    root.open(timeline)
    root.press(PLACE, reason=WHY)
    assert (root.path, root.page.status_code) == (timeline, 200)
    for words in (WHY, "Legal hold placed", "Root"):
        assert words in root.page.text
    assert WHY.encode() not in applicant(database).sealed_hold_reason
    with pytest.raises(OnHold):
        require_no_hold(applicant(database))
    root.press(RELEASE)
    assert WHY not in root.page.text
    require_no_hold(applicant(database))
    with database.transaction() as session:
        held = Event.kind.in_([EventKind.LEGAL_HOLD_PLACED, EventKind.LEGAL_HOLD_RELEASED])
        assert len({event.actor for event in session.scalars(select(Event).where(held))}) == 1


def test_auditors_see_a_hold_and_write_nothing(root, person, timeline, database):
    root.open(timeline)
    root.press(PLACE, reason=WHY)
    auditor = person("aud", Role.AUDITOR)
    assert WHY in auditor.open(timeline).text
    assert auditor.buttons == {"Compute it again"}
    token = auditor.form_token()
    for path in (f"{timeline}/hold", f"{timeline}/hold/released"):
        assert auditor.http.post(path, data={"form_token": token, "reason": "x"}).status_code == 403
    assert applicant(database).held_at is not None


def test_a_hold_needs_a_reason_and_is_placed_once(root, timeline, database):
    root.open(timeline)
    assert root.press(PLACE, reason="  ").status_code == 422
    root.open(timeline)
    root.press(PLACE, reason=WHY)
    token = root.form_token()
    assert root.http.post(f"{timeline}/hold", data={"form_token": token, "reason": WHY}).status_code == 409
    assert applicant(database).held_at is not None
