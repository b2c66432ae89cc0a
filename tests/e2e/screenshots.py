"""Makes docs/screenshots/*.png with the real programs: `python -m tests.e2e.screenshots`."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page
from sqlalchemy import text

from embedded.stack import Ports, Stack
from photogate.access.tables import Role
from photogate.database import Database
from tests.e2e.chromium import chromium
from tests.e2e.house import becomes, client_of, person, reviewer, send
from tests.e2e.month import REVIEWERS, fill_month

FOLDER = Path(__file__).parents[2] / "docs/screenshots"
CASES = 5
WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 360, "height": 740}
COLOURS, FLAT = 256, 64
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
        application = _fill(stack, database)
        for take in (_pages, _dark_pages, _narrow_pages, _preview_pages, _check_pages):
            take(lambda **how: _signed_in(browser, stack, reviewer(database, "Rita Okafor")[1], **how))
        _fill_month(database, application)
        _audit_pages(
            lambda **how: _signed_in(browser, stack, person(database, "Olga Petrova", Role.AUDITOR)[1], **how),
            application,
        )
        database.close()


def _fill(stack: Stack, database: Database) -> str:
    """Bring cases into the queue; returns the application whose case is the oldest, and the first to be decided."""
    with client_of(stack, database) as api:
        sent = [becomes(api, send(api, f"EMP-{2041 + number}"), "in_review")["id"] for number in range(CASES)]
    with database.transaction() as session:
        session.execute(text("UPDATE review_tasks SET opened_at = opened_at - random() * interval '5 hours'"))
        oldest = "UPDATE review_tasks SET opened_at = opened_at - interval '5 hours' WHERE application_id = :id"
        session.execute(text(oldest), {"id": sent[0]})
    return sent[0]


def _fill_month(database: Database, application: str) -> None:
    people = [reviewer(database, name)[0] for name in REVIEWERS]
    with database.transaction() as session:
        fill_month(session, UUID(application), people)


@contextmanager
def _signed_in(browser: Browser, stack: Stack, link: str, **how: object) -> Iterator[Page]:
    context = browser.new_context(base_url=stack.settings.review_url, **how)
    page = context.new_page()
    page.goto(link)
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
        _save(page.locator(".decision").screenshot(), "refused")
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


def _preview_pages(signed_in: Callable[..., Page]) -> None:
    with signed_in(viewport=WIDE) as page:
        _next_case(page)
        page.get_by_label("More than one face was found").check()
        page.get_by_role("button", name="العربية").click()
        picture = page.get_by_alt_text("The photo as the applicant would see it")
        picture.scroll_into_view_if_needed()
        page.wait_for_load_state("networkidle")
        _save(page.locator(".preview").screenshot(), "preview")
        page.goto(picture.get_attribute("src"))
        _save(page.locator("svg").screenshot(), "annotated")


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


def _audit_pages(signed_in: Callable[..., Page], application: str) -> None:
    with signed_in(viewport=WIDE) as page:
        page.goto("/audit?outcome=in_review")
        page.get_by_label("Keep this search as").fill("Sent to people")
        page.get_by_role("button", name="Keep").click()
        page.goto("/audit?reason=MULTIPLE_FACES")
        _keep(page, "audit")
        page.goto(f"/audit/applications/{application}")
        page.locator(".judgement summary").first.click()
        _keep(page, "timeline", full_page=True)
        page.get_by_role("button", name="Compute it again").click()
        page.get_by_role("status").wait_for()
        _keep(page, "replay")
        page.goto("/audit/statistics")
        _keep(page, "statistics", full_page=True)
    for name, path, how in (
        ("statistics-dark", "/audit/statistics", {"viewport": WIDE, "color_scheme": "dark"}),
        ("audit-narrow", "/audit?reason=MULTIPLE_FACES", {"viewport": NARROW}),
        ("timeline-narrow", f"/audit/applications/{application}", {"viewport": NARROW}),
    ):
        with signed_in(**how) as page:
            page.goto(path)
            _keep(page, name)


def _next_case(page: Page) -> None:
    page.get_by_role("button", name="Next case").click()
    page.wait_for_url("**/cases/*")


def _keep(page: Page, name: str, *, full_page: bool = False) -> None:
    page.wait_for_load_state("networkidle")
    FOLDER.mkdir(parents=True, exist_ok=True)
    _save(page.screenshot(full_page=full_page), name)


def _save(picture: bytes, name: str) -> None:
    """In 256 colours, a third of the bytes: those that the page itself is made of as they are, the others near by."""
    with Image.open(io.BytesIO(picture)) as opened:
        shot = opened.convert("RGB")
    flat = [colour for _, colour in sorted(shot.getcolors(shot.width * shot.height) or [], reverse=True)[:FLAT]]
    rest = shot.quantize(COLOURS - len(flat), method=Image.Quantize.MEDIANCUT).convert("RGB").getcolors() or []
    palette = np.array([*flat, *(colour for _, colour in rest)])
    small = Image.fromarray(_nearest(np.asarray(shot), palette), "P")
    small.putpalette(palette.astype(np.uint8).tobytes())
    small.save(FOLDER / f"{name}.png", optimize=True)
    print(name, flush=True)


def _nearest(pixels: np.ndarray, palette: np.ndarray) -> np.ndarray:
    """For each pixel of (height, width, 3) the place of the nearest colour in the palette of (colours, 3)."""
    colours, each = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True)
    pieces = np.array_split(colours.astype(np.int32), 1 + len(colours) // 4096)
    places = [((piece[:, None] - palette) ** 2).sum(axis=2).argmin(axis=1) for piece in pieces]
    return np.concatenate(places)[each].reshape(pixels.shape[:2]).astype(np.uint8)


if __name__ == "__main__":
    main()
