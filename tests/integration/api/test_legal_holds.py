"""Legal hold over HTTP: placed with a reason that stays sealed, released, and erasure refused between."""

import pytest
from sqlalchemy import select

from photogate.access.tables import Scope
from photogate.applicants.tables import Applicant
from photogate.audit.tables import Event, EventKind
from tests.integration.api.exchange import refusal
from tests.integration.photogate.applicant import REFERENCE, applied

APPLICANT = f"/v1/applicants/{REFERENCE}"
HOLD = f"{APPLICANT}/legal-hold"
WHY = {"reason": "court order 17/2026"}


@pytest.fixture
def admin(connect):
    return connect(Scope.ADMIN)


def events(database):
    kinds = EventKind.LEGAL_HOLD_PLACED, EventKind.LEGAL_HOLD_RELEASED
    with database.transaction() as session:
        found = select(Event).where(Event.kind.in_(kinds)).order_by(Event.created_at)
        return [(event.kind, event.actor, event.details) for event in session.scalars(found)]


def test_a_hold_keeps_the_applicant_until_it_is_released(admin, database, store):
    applied(database, store)
    placed = admin.post(HOLD, json=WHY)
    assert placed.status_code == 201
    assert (placed.json()["reason"], placed.json()["held_by"]) == (WHY["reason"], "client:ministry")
    assert admin.get(HOLD).json() == placed.json()
    assert refusal(admin.delete(APPLICANT)) == (409, "LEGAL_HOLD")
    assert refusal(admin.post(HOLD, json=WHY)) == (409, "CONFLICT")
    assert admin.post(f"{HOLD}/released").status_code == 204
    assert refusal(admin.post(f"{HOLD}/released")) == (409, "CONFLICT")
    assert refusal(admin.get(HOLD)) == (404, "NOT_FOUND")
    assert admin.delete(APPLICANT).json()["erased"] is True


def test_both_are_events_and_the_reason_lies_sealed(admin, database, store):
    applied(database, store)
    admin.post(HOLD, json=WHY)
    with database.transaction() as session:
        held = session.scalars(select(Applicant)).one()
    assert b"court" not in held.sealed_hold_reason
    admin.post(f"{HOLD}/released")
    told = events(database)
    assert [(kind, actor) for kind, actor, _ in told] == [
        (EventKind.LEGAL_HOLD_PLACED, "client:ministry"),
        (EventKind.LEGAL_HOLD_RELEASED, "client:ministry"),
    ]
    assert "court" not in str(told)


@pytest.mark.parametrize("wanted", [{}, {"reason": "  "}, {"reason": "x" * 2001}, {"reason": "x", "until": "2030"}])
def test_a_hold_needs_a_reason(admin, database, store, wanted):
    applied(database, store)
    assert refusal(admin.post(HOLD, json=wanted)) == (422, "INVALID_REQUEST")
    assert events(database) == []


def test_nobody_holds_without_the_scope_or_another_clients_applicant(connect, database, store):
    applied(database, store)
    others = connect(*set(Scope) - {Scope.ADMIN})
    stranger = connect(Scope.ADMIN, client="harbour office")
    for answer in (others.post(HOLD, json=WHY), others.get(HOLD), others.post(f"{HOLD}/released")):
        assert refusal(answer) == (403, "FORBIDDEN")
    for answer in (stranger.post(HOLD, json=WHY), stranger.get(HOLD), stranger.post(f"{HOLD}/released")):
        assert refusal(answer) == (404, "NOT_FOUND")
    assert events(database) == []


def test_a_reference_may_hold_slashes(admin, database, store):
    applied(database, store, "Ministry/Zoë #1")
    there = "/v1/applicants/Ministry%2FZo%C3%AB%20%231/legal-hold"
    assert admin.post(there, json=WHY).status_code == 201
    assert admin.post(f"{there}/released").status_code == 204
