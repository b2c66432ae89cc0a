"""Programs read what decides, what is proposed, and what decided before; they change none of it."""

import pytest

from photogate.access.tables import Scope
from photogate.promotions.service import Change
from photogate.promotions.tables import Slot
from tests.factories import PROFILE
from tests.integration.api.exchange import refusal
from tests.integration.photogate.promoted import STRICTER, STUDENT, adopted, approved, on_record, proposed, two_admins


@pytest.fixture
def auditor(connect):
    return connect(Scope.AUDIT_READ)


@pytest.fixture
def people(database):
    adopted(database)
    on_record(database)
    return two_admins(database)


def test_before_a_worker_starts_nothing_decides(auditor):
    assert auditor.get("/v1/rules").json() == {"live": None, "shadow": None, "proposals": []}
    assert auditor.get("/v1/rules/history").json() == []


def test_what_decides_and_what_would_change(auditor, database, people):
    ann, bob = people
    approved(database, bob, proposed(database, ann, Change(policy=STRICTER.reference), Slot.SHADOW))
    wanted = proposed(database, ann, Change(policy=STRICTER.reference))
    told = auditor.get("/v1/rules").json()
    assert told["live"]["rules"] == {"policy": PROFILE.reference, "model": STUDENT.reference, "camera": None}
    assert told["shadow"]["rules"]["policy"] == STRICTER.reference
    [waits] = told["proposals"]
    assert (waits["id"], waits["slot"], waits["stale"]) == (str(wanted.id), "live", False)
    change = {"part": "Real photo", "what": "approve from", "before": "0.98", "after": "0.985"}
    assert change in waits["changes"]


def test_what_decided_before_newest_first_with_both_people(auditor, database, people):
    ann, bob = people
    approved(database, bob, proposed(database, ann, Change(policy=STRICTER.reference)))
    newest, first = auditor.get("/v1/rules/history").json()
    assert (newest["number"], newest["proposed_by"], newest["approved_by"]) == (2, f"user:{ann.id}", f"user:{bob.id}")
    assert [one["source"] for one in newest["fairness"]["evidence"]] == ["applicants"]
    assert first["fairness"] is None
    assert auditor.get("/v1/rules/history", params={"before": 2, "limit": 1}).json() == [first]


def test_a_policy_is_read_by_its_exact_version(auditor, people):
    assert auditor.get(f"/v1/rules/policies/{STRICTER.reference}").json()["real_photo"]["approve_at"] == 0.985
    assert refusal(auditor.get("/v1/rules/policies/demo@999")) == (404, "NOT_FOUND")


def test_other_scopes_do_not_read_it(api):
    assert refusal(api.get("/v1/rules")) == (403, "FORBIDDEN")
