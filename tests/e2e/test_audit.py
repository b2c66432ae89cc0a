"""An auditor at work in a real browser: searches, timelines, exports, statistics, and nothing to write."""

import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Download, Page, expect
from sqlalchemy import func, select, update

from photogate.access.tables import Role
from photogate.applicants.master_keys import KeyFolder
from photogate.applications.notes import Note
from photogate.applications.tables import DecisionRecord
from photogate.database import Database, new_id
from photogate.reviews import service as reviews
from photogate.reviews.tables import ReviewTask
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from tests.copies import copy
from tests.e2e.chromium import Tab
from tests.e2e.house import PATIENCE_S, becomes, person, reviewer, send
from tests.e2e.reading import PHONE, faults

PATIENCE_MS = PATIENCE_S * 1000
NOTE = "Two sisters on one form."
LABELS = {
    "application": "Application",
    "outcome": "Outcome",
    "reason": "Reason",
    "since": "From",
    "until": "To, included",
}
LISTS = {"outcome", "reason"}
READING = {"Search", "Find", "Keep", "Remove", "Show", "Compute it again", "Sign out"}


@pytest.fixture
def refused(api, stack, whole_database) -> Iterator[dict[str, str]]:
    """An application that Ada has refused, with a note."""
    sent = becomes(api, send(api, f"EMP-{uuid4()}"), "in_review")
    ada, _ = reviewer(whole_database, "Ada Lovelace")
    note = Note(NOTE, KeyFolder(stack.settings.master_keys))
    with whole_database.transaction() as session:
        waiting = select(ReviewTask).where(ReviewTask.application_id == UUID(sent["id"]))
        case = session.scalars(waiting).one().id
        reviews.claim(session, case, ada, timedelta(minutes=5))
        reviews.decide(session, case, ada, Verdict.REJECTED, [ReasonCode.MULTIPLE_FACES], note)
    yield {**sent, "ada": str(ada.id), "case": str(case)}
    with whole_database.transaction() as session:
        session.execute(update(ReviewTask).where(ReviewTask.closed_at.is_(None)).values(closed_at=func.now()))


@pytest.fixture
def auditor(tab: Callable[..., Tab], whole_database: Database) -> Callable[..., Tab]:
    """An auditor who has just opened the audit pages."""

    def fresh(*, scripts: bool = True) -> Tab:
        opened = tab(scripts=scripts)
        opened.page.goto(person(whole_database, "Olga Petrova", Role.AUDITOR)[1])
        opened.page.get_by_role("button", name="Sign in").click()
        opened.page.get_by_role("link", name="Audit", exact=True).click()
        expect(opened.page.get_by_role("heading", name="Decisions")).to_be_visible()
        return opened

    return fresh


def rows(page: Page):
    return page.locator(".found tbody tr")


def search(page: Page, **chosen: str) -> None:
    """Fill the filters by their labels' first words and search."""
    page.goto("/audit")
    for label, value in chosen.items():
        field = page.locator(".filters").get_by_label(LABELS[label])
        field.select_option(label=value) if label in LISTS else field.fill(value)
    page.get_by_role("button", name="Search").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_decision_is_found_by_whatever_is_known_of_it(refused, auditor, scripts):
    tab = auditor(scripts=scripts)
    page, today = tab.page, datetime.now(UTC).date()
    page.get_by_label("Applicant’s reference").fill(refused["reference"])
    page.get_by_role("button", name="Find").click()
    expect(rows(page)).to_have_count(2)
    assert refused["reference"] not in page.url
    search(page, application=refused["id"], outcome="Rejected")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("More than one face was found.")
    search(page, application=refused["id"], reason="The eyes are closed")
    expect(page.get_by_role("heading", name="No decision fits")).to_be_visible()
    search(page, application=refused["id"], since=str(today - timedelta(days=1)), until=str(today + timedelta(days=1)))
    expect(rows(page)).to_have_count(2)
    search(page, application=refused["id"], since=str(today + timedelta(days=2)))
    expect(page.get_by_role("heading", name="No decision fits")).to_be_visible()
    page.goto(f"/audit?actor=user:{refused['ada']}")
    expect(page.get_by_label("Decided by")).to_have_value(f"user:{refused['ada']}")
    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("Ada Lovelace")
    page.get_by_title("Every decision on this very file").click()
    expect(rows(page).first).to_be_visible()
    assert tab.complaints == []


def test_pages_follow_on_one_another_without_a_gap(refused, auditor, whole_database):
    copied(whole_database, UUID(refused["id"]), 60)
    page = auditor().page
    page.goto("/audit?reason=MULTIPLE_FACES&outcome=in_review")
    expect(rows(page)).to_have_count(50)
    first = set(applications(page))
    page.get_by_role("link", name="Older").click()
    expect(page.get_by_role("link", name="Newest")).to_be_visible()
    assert not first & set(applications(page))
    assert "cursor=" in page.url
    page.get_by_role("link", name="Newest").click()
    expect(rows(page)).to_have_count(50)
    assert set(applications(page)) == first


def applications(page: Page) -> list[str]:
    return rows(page).locator("td:first-child a").evaluate_all("found => found.map((it) => it.getAttribute('href'))")


def copied(database: Database, application_id: UUID, times: int) -> None:
    """As many more applications like this one, each decided by the policy."""
    with database.transaction() as session:
        by_policy = DecisionRecord.application_id == application_id, DecisionRecord.user_id.is_(None)
        pattern = session.scalars(select(DecisionRecord).where(*by_policy)).one()
        for _ in range(times):
            application, photo = new_id(), new_id()
            copy(session, "applications", application_id, id=application)
            copy(session, "photos", pattern.photo_id, id=photo, application_id=application)
            copy(session, "decisions", pattern.id, id=new_id(), application_id=application, photo_id=photo)


def test_the_timeline_shows_everything_and_a_decision_comes_out_the_same_again(refused, auditor):
    tab = auditor()
    page = tab.page
    with page.expect_response("**/review.jpg") as photo, page.expect_response("**/crop.png") as crop:
        page.goto(f"/audit/applications/{refused['id']}")
    assert (photo.value.status, crop.value.status) == (200, 200)
    expect(page.get_by_role("heading", name=refused["reference"])).to_be_visible()
    for words in (NOTE, "Ada Lovelace", "Photo submitted", "Sent to a person", "Rejected"):
        expect(page.locator("main")).to_contain_text(words)
    judged = page.locator(".judgement").first
    judged.get_by_text("Scores, limits and models").click()
    expect(judged.get_by_role("row", name="Faces")).to_contain_text("2")
    expect(judged.get_by_role("row", name="A real photo")).to_contain_text("real from")
    page.reload()
    seen = page.get_by_role("region", name="Who saw what")
    for words in ("This page", "The photo", "The model’s crop"):
        expect(seen).to_contain_text(words)
    expect(seen).to_contain_text("Olga Petrova")

    page.get_by_role("button", name="Compute it again").click()
    expect(page.get_by_role("status")).to_contain_text("The decision comes out the same.", timeout=PATIENCE_MS)
    page.get_by_role("link", name="its timeline").click()
    expect(page.get_by_role("region", name="What happened")).to_contain_text("Decision computed again")
    assert tab.complaints == []


def test_a_search_is_kept_opened_again_and_removed(refused, auditor):
    page = auditor().page
    search(page, application=refused["id"], outcome="Rejected")
    page.get_by_label("Keep this search as").fill("What Ada refused")
    page.get_by_role("button", name="Keep").click()
    page.goto("/audit")
    page.get_by_role("link", name="What Ada refused").click()
    expect(page.get_by_label("Outcome")).to_have_value("rejected")
    expect(rows(page)).to_have_count(1)
    page.get_by_role("button", name="Remove What Ada refused").click()
    expect(page.get_by_role("link", name="What Ada refused")).to_have_count(0)


@pytest.mark.parametrize("form", ["CSV", "NDJSON"])
def test_what_was_found_is_taken_along_with_a_manifest(refused, auditor, form):
    page = auditor().page
    search(page, application=refused["id"])
    with page.expect_download() as saved:
        page.get_by_role("link", name=form, exact=True).click()
    file: Download = saved.value
    content = file.path().read_bytes()
    lines = content.decode().splitlines()
    found = list(csv.DictReader(lines)) if form == "CSV" else [json.loads(line) for line in lines]
    assert [row["outcome"] for row in found] == ["in_review", "rejected"]
    assert {row["application_id"] for row in found} == {refused["id"]}
    name = re.fullmatch(r"decisions-([0-9a-f-]{36})\.(csv|ndjson)", file.suggested_filename)
    page.goto(f"/audit/exports/{name[1]}")
    expect(page.get_by_role("region", name="Manifest")).to_contain_text(hashlib.sha256(content).hexdigest())
    expect(page.get_by_role("region", name="Manifest")).to_contain_text("Olga Petrova")


def test_statistics_are_plots_with_their_numbers(refused, auditor):
    tab = auditor()
    page = tab.page
    page.get_by_role("link", name="Statistics").click()
    outcomes = page.locator("figure", has=page.get_by_role("heading", name="Decisions by outcome"))
    assert outcomes.locator("rect:not([width='1'])").count() >= 2
    outcomes.get_by_text("The numbers").click()
    expect(outcomes.get_by_role("columnheader", name="Rejected")).to_be_visible()
    for title in ("By reason", "By reviewer", "By policy", "By model", "Override rate", "From photo to decision"):
        expect(page.get_by_role("heading", name=title).first).to_be_visible()
    page.get_by_label("From", exact=True).fill("2026-01-01")
    page.get_by_label("To, included").fill("2026-01-31")
    page.get_by_role("button", name="Show").click()
    expect(outcomes).to_contain_text("Nothing in this time.")
    assert tab.complaints == []


def test_an_auditor_writes_nothing(refused, auditor, whole_database):
    page = auditor().page
    for path in (
        "/audit",
        f"/audit/applications/{refused['id']}",
        "/audit/statistics",
        "/",
        f"/cases/{refused['case']}",
    ):
        page.goto(path)
        buttons = {words for each in page.get_by_role("button").all() if (words := each.inner_text().strip())}
        assert buttons <= READING, path
    token = page.locator("input[name=form_token]").first.get_attribute("value")
    before = decisions(whole_database)
    for path in ("/next", f"/cases/{refused['case']}/claim", f"/cases/{refused['case']}/decision"):
        sent = page.request.post(path, form={"form_token": token, "verdict": "approved"}, max_redirects=0)
        assert sent.status == 403, path
    assert decisions(whole_database) == before


def decisions(database: Database) -> int:
    with database.transaction() as session:
        return session.scalar(select(func.count()).select_from(DecisionRecord))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_controls_have_names_and_nothing_is_wider_than_a_phone(refused, auditor, scheme):
    page = auditor().page
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(PHONE)
    for path in ("/audit", "/audit?outcome=rejected", f"/audit/applications/{refused['id']}", "/audit/statistics"):
        page.goto(path)
        assert faults(page) == [], path
