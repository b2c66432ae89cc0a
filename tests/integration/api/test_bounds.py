"""Every decision that a machine made alone shows the bound in force, and what stood behind it at that time."""

from photogate.mandates import service as mandates
from tests.factories import PORTRAIT, PROFILE, TWO_PEOPLE, decided, user
from tests.integration.photogate.mandated import GUARANTEE, judged_by


def decisions(api, record):
    return api.get(f"/v1/applications/{record.application_id}/decisions").json()["decisions"]


def test_a_machine_s_decision_shows_bound_promise_and_estimate_and_a_person_s_does_not(api, database):
    with database.transaction() as session:
        mandates.begin(session, PROFILE, "student@1", GUARANTEE)
    flagged = decided(database, TWO_PEOPLE)
    judged_by(database, user(database), flagged)
    by_machine, by_person = decisions(api, flagged)
    assert by_person["bound"] is None
    assert (by_machine["bound"]["model"], by_machine["bound"]["confidence"]) == ("student@1", 0.95)
    placeholders, promised = by_machine["bound"]["placeholders_approved"], GUARANTEE["placeholders_approved"]
    assert placeholders == {
        "at_most": PROFILE.risk.placeholders_approved,
        "promised": promised["at_most"],
        "calibration_pictures": promised["pictures"],
        "calibration_errors": promised["errors"],
        "judged": 0,
        "errors": 0,
        "low": 0.0,
        "high": 1.0,
        "suspended": False,
    }


def test_without_a_mandate_there_is_nothing_to_show(api, database):
    assert [made["bound"] for made in decisions(api, decided(database, PORTRAIT))] == [None]
