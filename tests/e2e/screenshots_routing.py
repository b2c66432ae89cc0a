"""The pictures of docs/routing.md: rules, simulations, quality, mandates, open cases, known pictures, four eyes."""

from collections.abc import Callable
from uuid import UUID

import httpx
from playwright.sync_api import Page
from sqlalchemy import select

from photogate.access.tables import Role
from photogate.database import Database
from photogate.reviews.tables import ReviewTask
from tests.e2e.camera import DARK, NARROW, WIDE, SignedIn, keep, save
from tests.e2e.house import becomes, send
from tests.e2e.oversight import four_eyed, profile

As = Callable[..., SignedIn]
"""Opens pages for somebody with this name and role."""

LIGHT = {"viewport": WIDE}
PHONE = {"viewport": NARROW}
SMALL = {"width": 960, "height": 620}
PAGES = [
    ("quality", "/audit/quality", LIGHT),
    ("quality-narrow", "/audit/quality", PHONE),
    ("rules", "/audit/rules", LIGHT),
    ("differences", "/audit/rules/beside", LIGHT),
    ("differences-narrow", "/audit/rules/beside", PHONE),
    ("mandates", "/audit/mandates", LIGHT),
    ("mandates-dark", "/audit/mandates", DARK),
    ("open-cases", "/audit/open-cases?actor=applicant", LIGHT),
    ("open-cases-narrow", "/audit/open-cases?actor=applicant", PHONE),
]
WHOLE = {"quality", "rules"}
TRIED = profile(7, four_eyed(), ("approve_at = 0.98", "approve_at = 0.995"), ("refuse_at = 0.02", "refuse_at = 0.05"))
EDITED = "The photo looks edited"
NOTE = "The edge of the hair is too smooth."


def routing_pages(signed_in_as: As, api: httpx.Client, database: Database) -> None:
    """Photograph all of them."""
    admin, reviewer = signed_in_as("Ann Berg", Role.ADMIN), signed_in_as("Rita Okafor", Role.REVIEWER)
    for name, path, how in PAGES:
        with admin(**how) as page:
            page.goto(path)
            keep(page, name, full_page=name in WHOLE)
    _simulation(admin)
    _known_pictures(reviewer)
    _four_eyes(signed_in_as, f"/cases/{_case(api, database)}")


def _simulation(admin: SignedIn) -> None:
    with admin(**LIGHT) as page:
        page.goto("/audit/simulations")
        page.get_by_text("Write other rules instead").click()
        page.get_by_label("A profile as TOML").fill(TRIED)
        page.get_by_role("button", name="Try these rules").click()
        page.get_by_role("link", name="change: look at them").wait_for()
        found = page.url
        keep(page, "simulation", full_page=True)
        page.get_by_role("link", name="change: look at them").click()
        keep(page, "changes")
    for name, how in (("simulation-dark", DARK), ("simulation-narrow", PHONE)):
        with admin(**how) as page:
            page.goto(found)
            keep(page, name)


def _known_pictures(reviewer: SignedIn) -> None:
    with reviewer(**LIGHT) as page:
        page.goto("/known-pictures")
        page.get_by_role("button", name="It is a placeholder").last.click()
        keep(page, "known-pictures")
    with reviewer(**PHONE) as page:
        page.goto("/known-pictures")
        keep(page, "known-pictures-narrow")


def _four_eyes(signed_in_as: As, case: str) -> None:
    with signed_in_as("Rita Okafor", Role.REVIEWER)(**LIGHT) as page:
        _claim(page, case)
        page.get_by_label(EDITED).check()
        page.get_by_label("Note").fill(NOTE)
        page.get_by_role("button", name="Reject").click()
    with signed_in_as("Carl Weiss", Role.REVIEWER)(**PHONE) as page:
        page.goto(case)
        keep(page, "blind-narrow")
    with signed_in_as("Carl Weiss", Role.REVIEWER)(viewport=SMALL) as page:
        _claim(page, case)
        keep(page, "blind")
        page.get_by_role("button", name="Approve").click()
    with signed_in_as("Imani Cole", Role.ADJUDICATOR)(**LIGHT) as page:
        _claim(page, case)
        save(page.locator(".side").screenshot(), "settling")
        page.get_by_label(EDITED).check()
        page.get_by_role("button", name="Reject").click()
        page.goto(case)
        save(page.get_by_role("region", name="History").screenshot(), "settled")


def _claim(page: Page, case: str) -> None:
    page.goto(case)
    page.get_by_role("button", name="Claim").click()


def _case(api: httpx.Client, database: Database) -> UUID:
    sent = becomes(api, send(api, "EMP-2077"), "in_review")
    with database.transaction() as session:
        return session.scalars(select(ReviewTask.id).where(ReviewTask.application_id == UUID(sent["id"]))).one()
