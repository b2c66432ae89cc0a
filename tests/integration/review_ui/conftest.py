"""The review pages on a port of their own, with people and cases."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from photogate.access import users
from photogate.access.tables import Role
from photogate.applications.photo_keys import SealedPhotos
from photogate.database import Database
from photogate.reviews.tables import ReviewTask
from photogate.screening.measurements import Measurements
from photogate.settings import Settings
from photogate.storage import S3PhotoStore
from review_ui.main import create_app
from tests.factories import CLIENT, TWO_PEOPLE, decided, jpeg, user
from tests.integration.review_ui.browser import Browser
from tests.keys import PHOTO_KEY
from tests.serving import serving


@pytest.fixture
def app(settings: Settings, store: S3PhotoStore, database: Database) -> FastAPI:
    """The application; the pictures that the factories name lie in the store."""
    photos = SealedPhotos(store, PHOTO_KEY)
    photos.put("review", jpeg((600, 800)))
    photos.put("crop", b"\x89PNG crop")
    return create_app(settings)


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    """Where the review pages of this test answer."""
    with serving(app) as url:
        yield url


@pytest.fixture
def visitor(address: str) -> Iterator[Callable[[], Browser]]:
    """Makes browsers in which nobody is signed in."""
    opened: list[Browser] = []

    def fresh() -> Browser:
        opened.append(Browser(address))
        return opened[-1]

    yield fresh
    for browser in opened:
        browser.http.close()


@pytest.fixture
def person(visitor: Callable[[], Browser], database: Database) -> Callable[..., Browser]:
    """Makes people who are signed in: `person("ada")` is a reviewer."""

    def signed_in(name: str, role: Role = Role.REVIEWER) -> Browser:
        browser, added = visitor(), user(database, role, f"{name}@example.org")
        with database.transaction() as session:  # not by password: checking one takes long on purpose
            browser.http.cookies.set("photogate", users.sign_in(session, added))
        browser.open("/")
        return browser

    return signed_in


@pytest.fixture
def ada(person: Callable[..., Browser]) -> Browser:
    """A reviewer."""
    return person("ada")


@pytest.fixture
def ben(person: Callable[..., Browser]) -> Browser:
    """Another reviewer."""
    return person("ben")


@pytest.fixture
def case(database: Database) -> Callable[..., UUID]:
    """Opens cases: each gets the reference it is called by."""

    def opened(reference: str = "A-1", found: Measurements = TWO_PEOPLE) -> UUID:
        decision = decided(database, found, CLIENT, reference)
        with database.transaction() as session:
            return session.scalars(select(ReviewTask.id).where(ReviewTask.decision_id == decision.id)).one()

    return opened
