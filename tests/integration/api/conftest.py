"""A server of the API and its clients, over the session's Postgres, Redis and S3."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from api.main import create_app
from photogate.access.keys import create_key
from photogate.access.tables import Scope
from photogate.database import Base, Database
from photogate.releases.keys import new_key
from photogate.settings import Settings
from photogate.storage import S3PhotoStore
from tests.serving import serving


@pytest.fixture
def address(settings: Settings, store: S3PhotoStore, database: Database) -> Iterator[str]:
    """Where the API of this test answers; its bucket and the tables are empty."""
    new_key(settings.signing_key_file)
    with serving(create_app(settings)) as url:
        yield url


@pytest.fixture
def new_api_key(database: Database) -> Callable[..., str]:
    """Makes keys: `new_api_key(Scope.PHOTO_WRITE, client="ministry")`."""

    def made(*scopes: Scope, client: str = "ministry") -> str:
        with database.transaction() as session:
            return create_key(session, client, scopes, actor="system")

    return made


@pytest.fixture
def connect(address: str, new_api_key: Callable[..., str]) -> Iterator[Callable[..., httpx.Client]]:
    """Makes connections: `connect(Scope.PHOTO_WRITE, client="ministry")` is one with a key of that scope."""
    made: list[httpx.Client] = []

    def connected(*scopes: Scope, client: str = "ministry") -> httpx.Client:
        headers = {"Authorization": f"Bearer {new_api_key(*scopes, client=client)}"}
        made.append(httpx.Client(base_url=address, headers=headers, timeout=30))
        return made[-1]

    yield connected
    for connection in made:
        connection.close()


@pytest.fixture
def api(connect: Callable[..., httpx.Client]) -> httpx.Client:
    """A client that may do everything that integrators do."""
    return connect(Scope.PHOTO_WRITE, Scope.APPLICATION_READ, Scope.PRINT_RELEASE)


@pytest.fixture
def left_behind(database: Database, store: S3PhotoStore) -> Callable[[], dict[str, int]]:
    """What lies in the bucket and in the tables, apart from API keys and the record of their making."""

    def counted() -> dict[str, int]:
        with database.transaction() as session:
            rows = {table: _count(session, table) for table in Base.metadata.tables if table != "api_keys"}
        return {what: count for what, count in {**rows, "objects": len(list(store.keys("")))}.items() if count}

    return counted


def _count(session: Session, table: str) -> int:
    made = " WHERE kind <> 'api_key_created'" if table == "events" else ""
    return session.scalars(text(f"SELECT count(*) FROM {table}{made}")).one()
