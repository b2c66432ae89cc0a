"""A flagged photo's way through the whole house, with a person in Chromium in the middle of it."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select, update

from photogate.applications.tables import Application
from photogate.database import Database
from photogate.reviews import service as reviews
from photogate.reviews.tables import ReviewTask
from printing.verifier import KeySet, verify
from tests.e2e.chromium import Tab
from tests.e2e.house import PATIENCE_S, TWO_PEOPLE, becomes, reviewer, send


@pytest.fixture
def flagged(api, whole_database) -> Iterator[dict[str, str]]:
    """An application that waits for a person; nothing of it is left open afterwards."""
    yield becomes(api, send(api, f"EMP-{uuid4()}"), "in_review")
    with whole_database.transaction() as session:
        session.execute(update(ReviewTask).where(ReviewTask.closed_at.is_(None)).values(closed_at=func.now()))


@pytest.fixture
def signed_in(tab: Callable[..., Tab], whole_database: Database) -> Callable[..., Tab]:
    """Somebody who has just signed in."""

    def fresh(*, scripts: bool = True) -> Tab:
        opened = tab(scripts=scripts)
        opened.page.goto(reviewer(whole_database, "Rita Okafor")[1])
        opened.page.get_by_role("button", name="Sign in").click()
        expect(opened.page.get_by_role("heading", name="Queue")).to_be_visible()
        return opened

    return fresh


def case_of(page: Page) -> UUID:
    """The case that the page shows."""
    return UUID(re.search(r"/cases/([0-9a-f-]{36})", page.url)[1])


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_flagged_photo_is_approved_by_a_person_and_released_for_print(stack, api, flagged, signed_in, scripts):
    tab = signed_in(scripts=scripts)
    page, reference = tab.page, flagged["reference"]
    expect(page.get_by_role("row", name=reference)).to_contain_text("More than one face was found.")
    with page.expect_response("**/review.jpg") as photo, page.expect_response("**/crop.png") as crop:
        page.get_by_role("button", name="Next case").click()
    assert (photo.value.status, crop.value.status) == (200, 200)
    expect(page.get_by_role("heading", name=reference)).to_be_visible()
    expect(page.locator(".face")).to_have_count(2)
    page.get_by_label("Show where faces were found").uncheck()
    expect(page.locator(".face").first).to_be_hidden()

    page.get_by_label("Note").fill("Mother and child; the mother applies.")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_text("Your decision was recorded.")).to_be_visible()

    approved = becomes(api, flagged["id"], "approved")
    wanted = {"application_id": approved["id"], "photo_sha256": approved["photo_sha256"]}
    released = api.post("/v1/print-releases", json=wanted)
    assert released.status_code == 201, released.text
    keys = KeySet.parse(api.get("/v1/print-keys").text)
    allowed = verify(released.json()["token"], TWO_PEOPLE.read_bytes(), keys, now=datetime.now(UTC))
    assert allowed.application_id == approved["id"]

    page.get_by_role("link", name="Look at that case again").click()
    expect(page.locator(".history")).to_contain_text("Mother and child; the mother applies.")
    expect(page.locator(".history")).to_contain_text("Released for print")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert tab.complaints == []


def test_a_refusal_without_a_reason_comes_back_as_it_was_typed(api, flagged, signed_in):
    page = signed_in().page
    page.get_by_role("button", name="Next case").click()
    page.get_by_label("Note").fill("I can see two faces")
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_role("alert")).to_have_text("A refusal needs at least one reason from the list.")
    expect(page.get_by_label("Note")).to_have_value("I can see two faces")
    page.get_by_label("More than one face was found").check()
    page.get_by_role("button", name="Reject").click()
    becomes(api, flagged["id"], "rejected")


def test_an_open_page_keeps_the_claim(flagged, signed_in, whole_database):
    page = signed_in().page
    page.get_by_role("button", name="Next case").click()
    at_first = lease_of(whole_database, case_of(page))
    with page.expect_response("**/claim"):
        page.mouse.move(10, 10)
    assert lease_of(whole_database, case_of(page)) > at_first


def test_who_loses_a_case_is_told_and_keeps_the_words(flagged, signed_in, whole_database):
    page = signed_in().page
    page.get_by_role("button", name="Next case").click()
    page.get_by_label("Note").fill("I was still writing")
    somebody_else_takes(whole_database, case_of(page))
    expect(page.get_by_text("Somebody else has this case now")).to_be_visible(timeout=PATIENCE_S * 1000)
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", name="This case is no longer yours")).to_be_visible()
    expect(page.get_by_label("You had typed")).to_have_value("I was still writing")


def test_enter_in_a_tick_box_decides_nothing(flagged, signed_in, whole_database):
    page = signed_in().page
    page.get_by_role("button", name="Next case").click()
    page.get_by_label("The eyes are closed").press("Space")
    page.get_by_label("The eyes are closed").press("Enter")
    page.goto(urljoin(page.url, f"/cases/{case_of(page)}"))
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    with whole_database.transaction() as session:
        status = select(Application.status).where(Application.id == UUID(flagged["id"]))
        assert session.scalar(status) == "in_review"


@pytest.mark.parametrize("width", [360, 720, 1440])
def test_no_page_is_wider_than_its_window(flagged, signed_in, width):
    page = signed_in().page
    page.set_viewport_size({"width": width, "height": 800})
    for where in ("queue", "case"):
        if where == "case":
            page.get_by_role("button", name="Next case").click()
            expect(page.get_by_role("button", name="Approve")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") == width


def lease_of(database: Database, case_id: UUID):
    with database.transaction() as session:
        return session.scalar(select(ReviewTask.lease_until).where(ReviewTask.id == case_id))


def somebody_else_takes(database: Database, case_id: UUID) -> None:
    user, _ = reviewer(database, "Ben Larsen")
    with database.transaction() as session:
        session.execute(update(ReviewTask).where(ReviewTask.id == case_id).values(lease_until=ReviewTask.opened_at))
        reviews.claim(session, case_id, user, timedelta(minutes=5))
