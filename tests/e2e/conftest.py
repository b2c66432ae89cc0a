"""The whole house on services of its own, a client of its API, and a real Chromium."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from playwright.sync_api import Browser

from embedded.stack import Ports, Stack
from photogate.database import Database
from tests.e2e.chromium import Tab, chromium
from tests.e2e.house import client_of

REVIEW_LEASE_S = 6
"""Short, so that a page tells three times in six seconds that somebody is looking at it."""

CHECK_TIMEOUT_S = 14
"""As long as a photo lives at the broker: a machine that is busy with other things may need it."""


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Every program and every service, started once."""
    overrides = {
        "PHOTOGATE_REVIEW_LEASE_S": str(REVIEW_LEASE_S),
        "PHOTOGATE_CHECK_TIMEOUT_S": str(CHECK_TIMEOUT_S),
        "PHOTOGATE_GOLDEN_SHARE": "0",  # nobody is shown a golden case by chance
    }
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
    with client_of(stack, whole_database) as client:
        yield client


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real browser; without one these tests fail."""
    with chromium() as started:
        yield started


@pytest.fixture
def tab(browser: Browser, stack: Stack) -> Iterator[Callable[..., Tab]]:
    """Opens tabs, each in a browser profile of its own: `tab(scripts=False)` runs no JavaScript."""
    contexts = []

    def opened(*, scripts: bool = True) -> Tab:
        context = browser.new_context(base_url=stack.settings.review_url, java_script_enabled=scripts)
        contexts.append(context)
        fresh = Tab(context.new_page())
        fresh.page.on("console", lambda said: said.type == "info" or fresh.complaints.append(said.text))
        fresh.page.on("pageerror", lambda error: fresh.complaints.append(str(error)))
        return fresh

    yield opened
    for context in contexts:
        context.close()
