"""The page of known pictures, and what a case shows of the same picture elsewhere."""

import pytest
from sqlalchemy import select

from photogate.access.tables import Role
from photogate.audit.tables import Event, EventKind
from photogate.pictures.tables import KnownPicture
from photogate.reviews.tables import ReviewTask
from tests.factories import TWO_PEOPLE
from tests.integration.photogate.pictured import like, sent


@pytest.fixture
def duplicate(database):
    """Two applicants sent the same picture; the second one's case is open."""
    first, _ = sent(database, "A-1", like(1, 0), found=TWO_PEOPLE)
    second, _ = sent(database, "A-2", like(1, 3), found=TWO_PEOPLE)
    return first, second


@pytest.fixture
def case_of(database):
    def of(made):
        with database.transaction() as session:
            return session.scalars(select(ReviewTask.id).where(ReviewTask.decision_id == made.id)).one()

    return of


def known(database):
    with database.transaction() as session:
        return session.scalars(select(KnownPicture)).all()


def test_a_case_shows_the_other_picture_and_how_far_they_are_apart(ada, duplicate, case_of):
    first, second = duplicate
    page = ada.open(f"/cases/{case_of(second)}").text
    assert "From another applicant" in page
    assert "3 of 256 bits differ" in page
    assert f"/pictures/{first.photo_id}/crop.png" in page
    assert "From another applicant" not in ada.open(f"/cases/{case_of(first)}").text


def test_a_case_is_added_in_one_click_and_shows_that_it_is_known(ada, duplicate, case_of, database):
    case = case_of(duplicate[1])
    ada.open(f"/cases/{case}")
    ada.press("Add to the known placeholders")
    assert ada.page.url.path == f"/cases/{case}"
    assert "Add to the known placeholders" not in ada.page.text
    [added] = known(database)
    assert (added.photo_id, added.because, added.picture) == (
        duplicate[1].photo_id,
        "Added from a case.",
        b"\x89PNG crop",
    )


def test_the_page_shows_clusters_and_the_bank(ada, duplicate, database):
    page = ada.open("/known-pictures").text
    assert "seen 2 times by 2 applicants" in page
    assert "The bank is empty" in page
    ada.press("It is a placeholder")
    [added] = known(database)
    assert f"/known-pictures/{added.id}/picture.png" in ada.page.text
    assert "Among the known placeholders" in ada.page.text
    assert "It is a placeholder" not in ada.buttons
    assert "From a case, by Ada" in ada.page.text
    shown = ada.open(f"/known-pictures/{added.id}/picture.png")
    assert (shown.headers["content-type"], shown.content) == ("image/png", b"\x89PNG crop")


def test_a_picture_is_removed_with_a_reason(ada, duplicate, database):
    ada.open("/known-pictures")
    ada.press("It is a placeholder")
    [added] = known(database)
    ada.press("Remove", because="It shows a person.")
    assert "It shows a person." in ada.page.text
    assert known(database)[0].picture is None
    assert "It is a placeholder" in ada.buttons
    assert ada.open(f"/known-pictures/{added.id}/picture.png").status_code == 404


def test_auditors_look_and_do_not_manage(person, duplicate, database):
    olga = person("olga", Role.AUDITOR)
    page = olga.open("/known-pictures").text
    assert "seen 2 times by 2 applicants" in page
    assert "It is a placeholder" not in page
    sent_form = {"photo_id": str(duplicate[0].photo_id), "form_token": olga.form_token()}
    assert olga.http.post("/known-pictures", data=sent_form).status_code == 403
    assert known(database) == []


def test_what_cannot_be_added_is_a_calm_page(ada, case, database):
    ada.open(f"/cases/{case()}")
    assert "Add to the known placeholders" not in ada.page.text
    with database.transaction() as session:
        photo_id = session.scalars(select(ReviewTask.photo_id)).one()
    token = {"form_token": ada.form_token()}
    refused = ada.http.post("/known-pictures", data={"photo_id": str(photo_id), **token})
    assert (refused.status_code, "too plain" in refused.text) == (409, True)
    nowhere = ada.http.post("/known-pictures", data={"photo_id": "0190", **token})
    assert nowhere.status_code == 422


def test_that_somebody_took_the_picture_is_on_record(ada, duplicate, database):
    ada.open("/known-pictures")
    ada.press("It is a placeholder")
    with database.transaction() as session:
        looks = session.scalars(select(Event).where(Event.kind == EventKind.PICTURE_VIEWED)).all()
    assert str(duplicate[0].photo_id) in {look.details["which"] for look in looks}
