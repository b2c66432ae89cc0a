"""Makes docs/screenshots/*.png with the real programs: `python -m tests.e2e.screenshots`."""

from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from playwright.sync_api import Page
from sqlalchemy import text

from embedded.stack import Ports, Stack
from photogate.access.tables import Role
from photogate.database import Database
from tests.e2e.camera import DARK, NARROW, WIDE, SignedIn, keep, save, signed_in
from tests.e2e.chromium import chromium
from tests.e2e.history import fill_history
from tests.e2e.house import becomes, client_of, person, send
from tests.e2e.screenshots_routing import routing_pages

CASES = 5
NOTE = "Mother and child; the mother applies."


def main() -> None:
    """Start everything, bring a few cases into the queue and photograph every page."""
    overrides = {"PHOTOGATE_CHECK_TIMEOUT_S": "14", "PHOTOGATE_GOLDEN_SHARE": "0"}
    with (
        TemporaryDirectory() as directory,
        Stack(Path(directory), Ports.free(), overrides=overrides) as stack,
        chromium() as browser,
    ):
        stack.start()
        database = Database(stack.settings.database_url)

        def signed_in_as(name: str, role: Role) -> SignedIn:
            return lambda **how: signed_in(browser, stack, person(database, name, role)[1], **how)

        with client_of(stack, database) as api:
            application = _fill(api, database)
            for take in (_pages, _dark_pages, _narrow_pages, _preview_pages, _check_pages):
                take(signed_in_as("Rita Okafor", Role.REVIEWER))
            fill_history(stack, database, api, share=0.02)
            _audit_pages(signed_in_as("Olga Petrova", Role.AUDITOR), application)
            routing_pages(signed_in_as, api, database)
        database.close()


def _fill(api: httpx.Client, database: Database) -> str:
    """Bring cases into the queue; returns the application whose case is the oldest, and the first to be decided."""
    sent = [becomes(api, send(api, f"EMP-{2041 + number}"), "in_review")["id"] for number in range(CASES)]
    with database.transaction() as session:
        session.execute(text("UPDATE review_tasks SET opened_at = opened_at - random() * interval '5 hours'"))
        oldest = "UPDATE review_tasks SET opened_at = opened_at - interval '5 hours' WHERE application_id = :id"
        session.execute(text(oldest), {"id": sent[0]})
    return sent[0]


def _pages(signed_in: SignedIn) -> None:
    with signed_in(viewport=WIDE) as page:
        keep(page, "queue")
        _next_case(page)
        keep(page, "case")
        page.get_by_label("Note").fill(NOTE)
        page.get_by_role("button", name="Reject").click()
        save(page.locator(".decision").screenshot(), "refused")
        page.get_by_role("button", name="Approve").click()
        page.get_by_role("link", name="Look at that case again").click()
        keep(page, "decided", full_page=True)
        page.get_by_role("button", name="Sign out").click()
        page.goto("/sign-in")
        keep(page, "sign-in")
        page.goto("/sign-in")


def _dark_pages(signed_in: SignedIn) -> None:
    with signed_in(viewport=WIDE, color_scheme="dark") as page:
        keep(page, "queue-dark")
        _next_case(page)
        keep(page, "case-dark")


def _narrow_pages(signed_in: SignedIn) -> None:
    with signed_in(viewport=NARROW) as page:
        keep(page, "queue-narrow")
        _next_case(page)
        keep(page, "case-narrow")


def _preview_pages(signed_in: SignedIn) -> None:
    with signed_in(viewport=WIDE) as page:
        _next_case(page)
        page.get_by_label("More than one face was found").check()
        page.get_by_role("button", name="العربية").click()
        picture = page.get_by_alt_text("The photo as the applicant would see it")
        picture.scroll_into_view_if_needed()
        page.wait_for_load_state("networkidle")
        save(page.locator(".preview").screenshot(), "preview")
        page.goto(picture.get_attribute("src"))
        save(page.locator("svg").screenshot(), "annotated")


def _check_pages(signed_in: SignedIn) -> None:
    for name, example, how in (
        ("check", "Portrait", {"viewport": WIDE}),
        ("check-dark", "Two people", DARK),
        ("check-narrow", "Silhouette", {"viewport": NARROW}),
    ):
        with signed_in(**how) as page:
            page.goto("/check")
            if name == "check":
                keep(page, "check-empty")
            page.get_by_label("Show what mattered").check()
            page.get_by_role("button", name=example, exact=True).click()
            page.locator(".verdict").wait_for()
            keep(page, name, full_page=name == "check")


def _audit_pages(signed_in: SignedIn, application: str) -> None:
    with signed_in(viewport=WIDE) as page:
        page.goto("/audit?outcome=in_review")
        page.get_by_label("Keep this search as").fill("Sent to people")
        page.get_by_role("button", name="Keep").click()
        page.goto("/audit?reason=MULTIPLE_FACES")
        keep(page, "audit")
        page.goto(f"/audit/applications/{application}")
        page.locator(".judgement summary").first.click()
        keep(page, "timeline", full_page=True)
        page.get_by_role("button", name="Compute it again").click()
        page.get_by_role("status").wait_for()
        keep(page, "replay")
        page.goto("/audit/statistics")
        keep(page, "statistics", full_page=True)
    for name, path, how in (
        ("statistics-dark", "/audit/statistics", DARK),
        ("audit-narrow", "/audit?reason=MULTIPLE_FACES", {"viewport": NARROW}),
        ("timeline-narrow", f"/audit/applications/{application}", {"viewport": NARROW}),
    ):
        with signed_in(**how) as page:
            page.goto(path)
            keep(page, name)


def _next_case(page: Page) -> None:
    page.get_by_role("button", name="Next case").click()
    page.wait_for_url("**/cases/*")


if __name__ == "__main__":
    main()
