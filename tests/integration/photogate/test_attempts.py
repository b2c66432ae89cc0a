"""At the limit of photos nobody asks for another one: a person approves the last photo or rejects the application."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import select

from photogate.applications import policies, service
from photogate.applications.attempts import ResubmissionLimit, is_last
from photogate.applications.tables import DecisionRecord
from photogate.outbox import endpoints
from photogate.outbox import service as outbox
from photogate.reviews import service as reviews
from photogate.reviews.tables import ReviewTask
from photogate.screening.decision import decide, machine_verdict
from photogate.screening.reasons import Audience, Disposition, Reason, ReasonCode
from photogate.screening.risk import Risk
from photogate.screening.verdicts import Verdict
from tests.factories import (
    CLIENT,
    LEASE,
    PLACEHOLDER,
    PORTRAIT,
    PROFILE,
    TWO_PEOPLE,
    claim,
    decided,
    finish,
    intake,
    user,
)
from tests.keys import KMS

LAST = PROFILE.max_resubmissions + 1
CODES = (ReasonCode.MULTIPLE_FACES,)


def at_the_last_photo(database, found):
    """The decision about the last photo that the profile allows; all before it were placeholders."""
    with database.transaction() as session:
        policies.record(session, PROFILE)
    record = decided(database, PLACEHOLDER)
    for attempt in range(2, LAST + 1):
        with database.transaction() as session:
            photo = service.resubmit(session, intake(), record.application_id, PROFILE).photo
        last = finish(database, claim(database, photo.id), found if attempt == LAST else PLACEHOLDER)
    return last


def judge(database, record, verdict, codes=CODES):
    ada = user(database)
    with database.transaction() as session:
        task_id = session.scalars(select(ReviewTask.id).where(ReviewTask.decision_id == record.id)).one()
        reviews.claim(session, task_id, ada, LEASE)
    with database.transaction() as session:
        return reviews.decide(session, task_id, ada, verdict, codes)


@pytest.mark.parametrize("attempt", [None, 1, LAST - 1])
def test_before_the_limit_the_machine_asks_again(attempt):
    assert decide(PLACEHOLDER, PROFILE, attempt=attempt).verdict is Verdict.RESUBMISSION_REQUESTED


@pytest.mark.parametrize("attempt", [LAST, LAST + 1])
def test_at_the_limit_a_person_decides_and_the_machine_s_word_is_remembered(attempt):
    decision = decide(PLACEHOLDER, PROFILE, attempt=attempt)
    limit = decision.reasons[-1]
    assert decision.verdict is Verdict.IN_REVIEW
    assert (limit.code, limit.audience, limit.native) == (ReasonCode.RESUBMISSION_LIMIT, Audience.PUBLIC, attempt)
    assert limit.threshold == LAST
    assert machine_verdict(decision.reasons) is Verdict.RESUBMISSION_REQUESTED


def test_the_limit_takes_nothing_away_from_the_sample():
    everybody = replace(PROFILE, risk=replace(PROFILE.risk or Risk(0.01, 0.005, 0.05, 1, "x"), sample_share=1))
    decision = decide(PLACEHOLDER, everybody, uuid4(), LAST)
    assert {ReasonCode.QUALITY_SAMPLE, ReasonCode.RESUBMISSION_LIMIT} <= {reason.code for reason in decision.reasons}
    assert machine_verdict(decision.reasons) is Verdict.RESUBMISSION_REQUESTED


@pytest.mark.parametrize("found", [PORTRAIT, TWO_PEOPLE])
def test_the_limit_is_no_reason_against_a_photo_for_which_no_other_is_wanted(found):
    assert decide(found, PROFILE, attempt=LAST) == decide(found, PROFILE)


@pytest.mark.parametrize("found", [PLACEHOLDER, TWO_PEOPLE])
def test_a_person_cannot_ask_for_more_than_the_profile_allows(database, found):
    last = at_the_last_photo(database, found)
    with pytest.raises(ResubmissionLimit, match="last photo"):
        judge(database, last, Verdict.RESUBMISSION_REQUESTED)
    with database.transaction() as session:
        assert session.scalars(select(ReviewTask.closed_at).where(ReviewTask.decision_id == last.id)).one() is None


def test_a_rejection_at_the_limit_says_so(database):
    record = judge(database, at_the_last_photo(database, PLACEHOLDER), Verdict.REJECTED)
    assert [(kept["code"], kept["disposition"]) for kept in record.reasons] == [
        ("MULTIPLE_FACES", "final"),
        ("RESUBMISSION_LIMIT", "final"),
    ]


def test_the_last_photo_can_be_approved(database):
    assert judge(database, at_the_last_photo(database, TWO_PEOPLE), Verdict.APPROVED, ()).reasons == []


def test_an_approval_of_the_last_photo_is_taken_back_by_rejecting_alone(database):
    last, root = at_the_last_photo(database, PORTRAIT), user(database, email="root@example.org")
    with pytest.raises(ResubmissionLimit), database.transaction() as session:
        reviews.take_back(session, last.application_id, root, Verdict.RESUBMISSION_REQUESTED, CODES)
    with database.transaction() as session:
        assert (
            reviews.take_back(session, last.application_id, root, Verdict.REJECTED, CODES).verdict is Verdict.REJECTED
        )


def test_who_was_asked_may_send_a_photo_even_if_the_profile_allows_fewer_by_then(database):
    record = decided(database, PLACEHOLDER)
    with database.transaction() as session:
        assert service.resubmit(session, intake(), record.application_id, replace(PROFILE, max_resubmissions=0)).photo


def test_without_the_policy_on_record_there_is_no_limit_to_hold(database):
    record = decided(database, TWO_PEOPLE)
    with database.transaction() as session:
        assert not is_last(session, record.photo_id, record.policy)


def test_a_person_who_confirms_the_machine_s_finding_keeps_what_was_measured(database):
    confirmed = judge(database, decided(database, TWO_PEOPLE), Verdict.RESUBMISSION_REQUESTED, CODES)
    [kept] = [Reason.from_json(reason) for reason in confirmed.reasons]
    assert kept == Reason(ReasonCode.MULTIPLE_FACES, Disposition.RETRY, native=2.0, threshold=1)
    with database.transaction() as session:
        machine = session.get_one(DecisionRecord, confirmed.supersedes_id)
    assert machine.reasons[0]["native"] == kept.native


def test_a_refusal_is_told_to_webhooks_in_codes_and_figures_and_an_open_case_is_not(database):
    with database.transaction() as session:
        endpoints.add(session, KMS, CLIENT.name, "https://hooks.example.org/", allow_private=False, actor="system")
        endpoints.add(
            session, KMS, "harbour office", "https://harbour.example.org/", allow_private=False, actor="system"
        )
    opened = decided(database, TWO_PEOPLE)
    refused = judge(database, opened, Verdict.RESUBMISSION_REQUESTED, (*CODES, ReasonCode.NOT_SHARP))
    with database.transaction() as session:
        [sent] = outbox.claim(session, KMS, lease=LEASE, limit=10)
    assert sent.url == "https://hooks.example.org/"
    assert sent.payload["type"] == "application.resubmission_requested"
    unmeasured = {"value": None, "limit": None, "unit": None}
    assert sent.payload["data"] == {
        "application_id": str(refused.application_id),
        "decision_id": str(refused.id),
        "status": "resubmission_requested",
        "application": f"/v1/applications/{refused.application_id}",
        "reasons": [
            {"code": "MULTIPLE_FACES", "disposition": "retry", "value": 2.0, "limit": 1, "unit": "faces"},
            {"code": "NOT_SHARP", "disposition": "retry", **unmeasured},
        ],
    }
