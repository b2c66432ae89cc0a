"""A flagged photo's way through the whole house, with a person in Chromium in the middle of it."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select, update

from photogate.access import users
from photogate.access.tables import Role, User
from photogate.applications.tables import Application
from photogate.database import Database
from photogate.releases.token import verify
from photogate.reviews import service as reviews
from photogate.reviews.tables import ReviewTask
from tests.e2e.conftest import Tab

PHOTO = Path(__file__).parents[2] / "samples/two_people.jpg"
PATIENCE_S = 60


@pytest.fixture
def flagged(api, whole_database) -> Iterator[httpx.Response]:
    """An application that waits for a person; nothing of it is left open afterwards."""
    sent = api.post("/v1/applications", data={"reference": f"EMP-{uuid4()}"}, files={"photo": PHOTO.read_bytes()})
    assert sent.status_code == 202, sent.text
    yield becomes(api, sent, "in_review")
    with whole_database.transaction() as session:
        session.execute(update(ReviewTask).where(ReviewTask.closed_at.is_(None)).values(closed_at=func.now()))


def becomes(api: httpx.Client, application: httpx.Response, status: str) -> httpx.Response:
    """Ask until the application has this status."""
    until = time.monotonic() + PATIENCE_S
    while (answer := api.get(f"/v1/applications/{application.json()['id']}")).json()["status"] != status:
        assert time.monotonic() < until, f"still {answer.json()['status']}, not {status}"
        time.sleep(0.1)
    return answer


def person(database: Database, name: str) -> tuple[User, str]:
    """Somebody who may decide, and the link that signs them in."""
    with database.transaction() as session:
        user = users.create_user(session, f"{uuid4()}@example.org", name, Role.REVIEWER, actor="system")
        return user, f"/sign-in/link?token={users.create_link(session, user)}"


@pytest.fixture
def reviewer(tab: Callable[..., Tab], whole_database: Database) -> Callable[..., Tab]:
    """Somebody who has just signed in."""

    def signed_in(*, scripts: bool = True) -> Tab:
        opened = tab(scripts=scripts)
        opened.page.goto(person(whole_database, "Rita Okafor")[1])
        opened.page.get_by_role("button", name="Sign in").click()
        expect(opened.page.get_by_role("heading", name="Queue")).to_be_visible()
        return opened

    return signed_in


def case_of(page: Page) -> UUID:
    """The case that the page shows."""
    return UUID(re.search(r"/cases/([0-9a-f-]{36})", page.url)[1])


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_flagged_photo_is_approved_by_a_person_and_released_for_print(stack, api, flagged, reviewer, scripts):
    tab = reviewer(scripts=scripts)
    page, reference = tab.page, flagged.json()["reference"]
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

    approved = becomes(api, flagged, "approved").json()
    wanted = {"application_id": approved["id"], "photo_sha256": approved["photo_sha256"]}
    released = api.post("/v1/print-releases", json=wanted)
    assert released.status_code == 201, released.text
    key = stack.settings.signing_key_file.with_suffix(".pub.pem").read_bytes()
    assert str(verify(released.json()["token"], PHOTO.read_bytes(), key).application_id) == approved["id"]

    page.get_by_role("link", name="Look at that case again").click()
    expect(page.locator(".history")).to_contain_text("Mother and child; the mother applies.")
    expect(page.locator(".history")).to_contain_text("Released for print")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert tab.complaints == []


def test_a_refusal_without_a_reason_comes_back_as_it_was_typed(api, flagged, reviewer):
    page = reviewer().page
    page.get_by_role("button", name="Next case").click()
    page.get_by_label("Note").fill("I can see two faces")
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_role("alert")).to_have_text("A refusal needs at least one reason from the list.")
    expect(page.get_by_label("Note")).to_have_value("I can see two faces")
    page.get_by_label("More than one face was found").check()
    page.get_by_role("button", name="Reject").click()
    becomes(api, flagged, "rejected")


def test_an_open_page_keeps_the_claim(flagged, reviewer, whole_database):
    page = reviewer().page
    page.get_by_role("button", name="Next case").click()
    at_first = lease_of(whole_database, case_of(page))
    with page.expect_response("**/claim"):
        page.mouse.move(10, 10)
    assert lease_of(whole_database, case_of(page)) > at_first


def test_who_loses_a_case_is_told_and_keeps_the_words(flagged, reviewer, whole_database):
    page = reviewer().page
    page.get_by_role("button", name="Next case").click()
    page.get_by_label("Note").fill("I was still writing")
    somebody_else_takes(whole_database, case_of(page))
    expect(page.get_by_text("Somebody else has this case now")).to_be_visible(timeout=PATIENCE_S * 1000)
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", name="This case is no longer yours")).to_be_visible()
    expect(page.get_by_label("You had typed")).to_have_value("I was still writing")


def test_enter_in_a_tick_box_decides_nothing(flagged, reviewer, whole_database):
    page = reviewer().page
    page.get_by_role("button", name="Next case").click()
    page.get_by_label("The eyes are closed").press("Space")
    page.get_by_label("The eyes are closed").press("Enter")
    page.reload()
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    with whole_database.transaction() as session:
        status = select(Application.status).where(Application.id == UUID(flagged.json()["id"]))
        assert session.scalar(status) == "in_review"


@pytest.mark.parametrize("width", [360, 720, 1440])
def test_no_page_is_wider_than_its_window(flagged, reviewer, width):
    page = reviewer().page
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
    user, _ = person(database, "Ben Larsen")
    with database.transaction() as session:
        session.execute(update(ReviewTask).where(ReviewTask.id == case_id).values(lease_until=ReviewTask.opened_at))
        reviews.claim(session, case_id, user, timedelta(minutes=5))
