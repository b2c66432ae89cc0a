"""Makes docs/screenshots/*.png with the real programs: `python -m tests.e2e.screenshots`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page
from sqlalchemy import text

from embedded.stack import Ports, Stack
from photogate.database import Database
from tests.e2e.chromium import chromium
from tests.e2e.house import becomes, client_of, reviewer, send

FOLDER = Path(__file__).parents[2] / "docs/screenshots"
CASES = 5
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 360, "height": 740}
NOTE = "Mother and child; the mother applies."


def main() -> None:
    """Start everything, bring a few cases into the queue and photograph every page."""
    patient = {"PHOTOGATE_CHECK_TIMEOUT_S": "14"}
    with (
        TemporaryDirectory() as directory,
        Stack(Path(directory), Ports.free(), overrides=patient) as stack,
        chromium() as browser,
    ):
        stack.start()
        database = Database(stack.settings.database_url)
        _fill(stack, database)
        for take in (_pages, _dark_pages, _narrow_pages, _check_pages):
            take(lambda **how: _signed_in(browser, stack, database, **how))
        database.close()


def _fill(stack: Stack, database: Database) -> None:
    with client_of(stack, database) as api:
        for number in range(CASES):
            becomes(api, send(api, f"EMP-{2041 + number}"), "in_review")
    with database.transaction() as session:
        session.execute(text("UPDATE review_tasks SET opened_at = opened_at - random() * interval '5 hours'"))


@contextmanager
def _signed_in(browser: Browser, stack: Stack, database: Database, **how: object) -> Iterator[Page]:
    context = browser.new_context(base_url=stack.settings.review_url, **how)
    page = context.new_page()
    page.goto(reviewer(database, "Rita Okafor")[1])
    page.get_by_role("button", name="Sign in").click()
    yield page
    page.goto("/")
    context.close()


def _pages(signed_in: Callable[..., Page]) -> None:
    with signed_in(viewport=WIDE) as page:
        _keep(page, "queue")
        _next_case(page)
        _keep(page, "case")
        page.get_by_label("Note").fill(NOTE)
        page.get_by_role("button", name="Reject").click()
        page.locator(".decision").screenshot(path=FOLDER / "refused.png")
        page.get_by_role("button", name="Approve").click()
        page.get_by_role("link", name="Look at that case again").click()
        _keep(page, "decided", full_page=True)
        page.get_by_role("button", name="Sign out").click()
        page.goto("/sign-in")
        _keep(page, "sign-in")
        page.goto("/sign-in")


def _dark_pages(signed_in: Callable[..., Page]) -> None:
    with signed_in(viewport=WIDE, color_scheme="dark") as page:
        _keep(page, "queue-dark")
        _next_case(page)
        _keep(page, "case-dark")


def _narrow_pages(signed_in: Callable[..., Page]) -> None:
    with signed_in(viewport=NARROW) as page:
        _keep(page, "queue-narrow")
        _next_case(page)
        _keep(page, "case-narrow")


def _check_pages(signed_in: Callable[..., Page]) -> None:
    for name, example, how in (
        ("check", "Portrait", {"viewport": WIDE}),
        ("check-dark", "Two people", {"viewport": WIDE, "color_scheme": "dark"}),
        ("check-narrow", "Silhouette", {"viewport": NARROW}),
    ):
        with signed_in(**how) as page:
            page.goto("/check")
            if name == "check":
                _keep(page, "check-empty")
            page.get_by_label("Show what mattered").check()
            page.get_by_role("button", name=example, exact=True).click()
            page.locator(".verdict").wait_for()
            _keep(page, name, full_page=name == "check")


def _next_case(page: Page) -> None:
    page.get_by_role("button", name="Next case").click()
    page.wait_for_url("**/cases/*")


def _keep(page: Page, name: str, *, full_page: bool = False) -> None:
    page.wait_for_load_state("networkidle")
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / f"{name}.png", full_page=full_page)
    print(name)


if __name__ == "__main__":
    main()
