"""The figures of quality as JSON."""

from photogate.access.tables import Scope
from tests.factories import user
from tests.integration.photogate.four_eyed import opened, says


def test_an_auditor_s_key_reads_agreement_and_each_person_s_figures(connect, database):
    ada, ben = user(database), user(database, email="ben@example.org")
    task = opened(database)
    for person in (ada, ben):
        says(database, task.id, person)
    found = connect(Scope.AUDIT_READ).get("/v1/quality").json()
    assert found["agreement"] == {"pairs": 1, "alike": 1, "kappa": None, "low": None, "high": None}
    assert {one["id"] for one in found["reviewers"]} == {str(ada.id), str(ben.id)}
    assert found["reviewers"][0]["overruled"]["judged"] == 1
    assert len(found["reviewers"][0]["overruled_drift"]) == len(found["weeks"]) == 26
    assert found["models"] == []


def test_no_other_key_does_and_a_period_that_ends_before_it_begins_is_refused(connect, api):
    assert api.get("/v1/quality").status_code == 403
    refused = connect(Scope.AUDIT_READ).get("/v1/quality", params={"from": "2026-05-02", "to": "2026-05-01"})
    assert (refused.status_code, refused.json()["code"]) == (422, "INVALID_REQUEST")
