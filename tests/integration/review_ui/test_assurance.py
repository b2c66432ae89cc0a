"""The page of quality: everybody's figures for auditors, their own for everybody else."""

from datetime import UTC, datetime, timedelta

import pytest

from photogate.access.tables import Role
from photogate.quality import golden
from photogate.screening.four_eyes import Said
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from tests.factories import PLACEHOLDER, TWO_PEOPLE, decided, user
from tests.integration.photogate.four_eyed import NOT_SHARP, opened, says


@pytest.fixture
def settings(settings):
    return settings.model_copy(update={"golden_share": 1.0})


@pytest.fixture
def known(database):
    made = decided(database, PLACEHOLDER)
    answer = Said(Verdict.REJECTED, (ReasonCode.PLACEHOLDER_IMAGE,))
    with database.transaction() as session:
        admin = user(database, Role.ADMIN, "root@example.org")
        golden.add(session, made.application_id, answer, "A drawing of ours.", admin)
    return decided(database, TWO_PEOPLE, reference="Zoe-4711")


def test_a_golden_case_is_given_like_any_other_and_goes_on_to_the_next(ada, known):
    ada.open("/")
    ada.press("Next case")
    page = ada.page.text
    assert "Judge this photo by itself." in page
    for word in ("ministry", "A-1", "olden", "Why it is here</h2>\n    <ul"):
        assert word not in page
    golden_path = ada.path
    ada.press("Approve")
    assert ada.path not in {"/", golden_path}
    assert "Zoe-4711" in ada.page.text
    after = ada.open(golden_path).text
    assert "Your verdict is recorded" in after
    assert "History" not in after


def test_nobody_else_opens_somebody_s_golden_case(ada, ben, known):
    ada.open("/")
    ada.press("Next case")
    assert ben.open(ada.path).status_code == 404


def test_auditors_see_everybody_and_reviewers_themselves_up_to_yesterday(ada, person, known):
    ada.open("/")
    ada.press("Next case")
    ada.press("Approve")
    page = person("aud", Role.AUDITOR).open("/audit/quality").text
    assert "Ada" in page
    assert "1 of 1" in page
    assert "Ada" not in ada.open("/audit/quality").text.split("<main")[1], "a figure that moves gives the case away"
    assert "Your figures" in ada.page.text
    assert "Models" not in ada.page.text


def test_agreement_is_said_with_its_interval(person, database):
    one, other = user(database), user(database, email="ben@example.org")
    judge = user(database, Role.ADJUDICATOR, "judge@example.org")
    for verdict in ((Verdict.APPROVED, ()), NOT_SHARP):
        task = opened(database)
        says(database, task.id, one, *verdict)
        says(database, task.id, other, *verdict)
    task = opened(database)
    says(database, task.id, one)
    says(database, task.id, other, *NOT_SHARP)
    says(database, task.id, judge)
    page = person("aud", Role.AUDITOR).open("/audit/quality").text
    assert "2 of 3 pairs of verdicts alike" in page
    assert "<b>0.40</b>" in page


def test_a_period_that_makes_no_sense_is_refused_and_one_without_anything_says_so(person):
    auditor, today = person("aud", Role.AUDITOR), datetime.now(UTC).date()
    backwards = f"/audit/quality?from={today}&to={today - timedelta(days=3)}"
    assert auditor.open(backwards).status_code == 422
    assert "Nobody has judged a golden case" in auditor.open("/audit/quality").text
