"""What is said of applicants' groups appears on no page that shows an applicant."""

import pytest
from sqlalchemy import select

from photogate.access.tables import Role
from photogate.applications import service
from photogate.database import new_id
from photogate.reviews.tables import ReviewTask
from tests.factories import TWO_PEOPLE, claim, finish, intake

SAID = {"age_band": "65 and over", "head_covering": "worn"}
WORDS = ("65 and over", "age_band", "head_covering", ">worn<")


@pytest.fixture
def case(database):
    """A case of an applicant of whom something is said."""
    with database.transaction() as session:
        photo = service.submit(session, intake(), "A-1", application_id=new_id(), attributes=SAID).photo
    made = finish(database, claim(database, photo.id), TWO_PEOPLE)
    with database.transaction() as session:
        return made, session.scalars(select(ReviewTask.id)).one()


def test_neither_reviewers_nor_auditors_see_them_of_anybody(ada, person, case):
    made, task = case
    auditor = person("aud", Role.AUDITOR)
    shown = [ada.open("/"), ada.press("Next case"), ada.open(f"/cases/{task}")]
    shown += [auditor.open(path) for path in ("/audit", f"/audit/applications/{made.application_id}")]
    shown.append(auditor.open("/audit/export?format=ndjson"))
    assert {page.status_code for page in shown} == {200}
    assert any("A-1" in page.text for page in shown)
    assert [word for word in WORDS for page in shown if word in page.text] == []
