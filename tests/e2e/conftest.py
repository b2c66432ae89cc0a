"""The whole house on services of its own, a client of its API, and a real Chromium."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from embedded.stack import Ports, Stack
from photogate.access.keys import create_key
from photogate.access.tables import Scope
from photogate.database import Database

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REVIEW_LEASE_S = 6
"""Short, so that a page tells three times in six seconds that somebody is looking at it."""


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Every program and every service, started once."""
    overrides = {"PHOTOGATE_REVIEW_LEASE_S": str(REVIEW_LEASE_S)}
    with (
        TemporaryDirectory(prefix="photogate-e2e-") as directory,
        Stack(Path(directory), Ports.free(), overrides=overrides) as running,
    ):
        running.start()
        yield running


@pytest.fixture(scope="session")
def whole_database(stack: Stack) -> Iterator[Database]:
    """The database that the programs share."""
    database = Database(stack.settings.database_url)
    yield database
    database.close()


@pytest.fixture(scope="session")
def api(stack: Stack, whole_database: Database) -> Iterator[httpx.Client]:
    """An integrator's client."""
    with whole_database.transaction() as session:
        scopes = [Scope.PHOTO_WRITE, Scope.APPLICATION_READ, Scope.PRINT_RELEASE]
        key = create_key(session, "ministry", scopes, actor="system")
    with httpx.Client(
        base_url=stack.settings.api_url, headers={"Authorization": f"Bearer {key}"}, timeout=30
    ) as client:
        yield client


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The Chromium on PATH."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(f"There is no Chromium on PATH under any of the names {', '.join(NAMES)}.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


@dataclass
class Tab:
    """A tab of one person's browser, with everything that its console complained of."""

    page: Page
    complaints: list[str] = field(default_factory=list)


@pytest.fixture
def tab(chromium: Browser, stack: Stack) -> Iterator[Callable[..., Tab]]:
    """Opens tabs, each in a browser profile of its own: `tab(scripts=False)` runs no JavaScript."""
    contexts = []

    def opened(*, scripts: bool = True) -> Tab:
        context = chromium.new_context(base_url=stack.settings.review_url, java_script_enabled=scripts)
        contexts.append(context)
        fresh = Tab(context.new_page())
        fresh.page.on("console", lambda said: said.type == "info" or fresh.complaints.append(said.text))
        fresh.page.on("pageerror", lambda error: fresh.complaints.append(str(error)))
        return fresh

    yield opened
    for context in contexts:
        context.close()
