"""The services that tests run against: real ones, started once a session; what cannot start fails loudly.

`PHOTOGATE_TEST_SUPERUSER_URL` and `PHOTOGATE_TEST_REDIS_URL` put the machine's own Postgres and Redis in the place of
the embedded ones.
"""

import os
import secrets
import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from psycopg2 import sql
from pydantic import SecretStr
from sqlalchemy.engine import URL, make_url

from embedded.provision import DatabaseUrls, connect, provision
from embedded.services import EmbeddedServices
from photogate.audit.notes import Kind, new_key
from photogate.database import Database
from photogate.settings import Settings
from photogate.storage import S3PhotoStore
from tests.keys import MASTER_KEYS

# DELETE empties a small table in a tenth of a millisecond, TRUNCATE takes two. As a replica, so that neither foreign
# keys nor the triggers that keep history stand in the way.
EMPTY_EVERY_TABLE = """
DO $$
DECLARE relation text;
BEGIN
    SET LOCAL session_replication_role = replica;
    SET LOCAL lock_timeout = '5s';
    FOR relation IN SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE 'DELETE FROM ' || relation;
    END LOOP;
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
        FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""


def pytest_configure() -> None:
    """Hear SIGINT also where a runner in the background has us ignore it: what tests interrupt would inherit that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def services() -> Iterator[EmbeddedServices]:
    """Postgres, Redis and S3 for the whole session."""
    with (
        TemporaryDirectory(prefix="photogate-tests-") as directory,
        EmbeddedServices(
            Path(directory),
            superuser_url=os.environ.get("PHOTOGATE_TEST_SUPERUSER_URL"),
            redis_url=os.environ.get("PHOTOGATE_TEST_REDIS_URL"),
        ) as running,
    ):
        yield running


@pytest.fixture(scope="session")
def database_urls(services: EmbeddedServices) -> Iterator[DatabaseUrls]:
    """A database of this session's own, with both roles and every migration."""
    from migrations.run import upgrade  # noqa: PLC0415 - tests without a database need no migrations

    name = f"photogate_test_{secrets.token_hex(4)}"
    urls = provision(services.superuser_url, name)
    upgrade(urls.owner)
    yield urls
    with closing(connect(make_url(services.superuser_url))) as connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
def database(services: EmbeddedServices, database_urls: DatabaseUrls) -> Iterator[Database]:
    """The database as the application sees it, with every table empty."""
    _empty(make_url(services.superuser_url).set(database=make_url(database_urls.app).database))
    database = Database(database_urls.app)
    yield database
    database.close()


@pytest.fixture
def settings(services: EmbeddedServices, database_urls: DatabaseUrls, tmp_path: Path) -> Settings:
    """Settings that lead every program to this session's services, and to a bucket of this test's own."""
    new_key(tmp_path / "checkpoint.key", "photogate.test/log", Kind.LOG)
    return Settings(
        database_url=database_urls.app,
        owner_database_url=database_urls.owner,
        redis_url=services.redis_url,
        s3_endpoint=services.s3_endpoint,
        s3_access_key=services.s3_access_key,
        s3_secret_key=SecretStr(services.s3_secret_key),
        s3_bucket=f"test-{secrets.token_hex(8)}",
        s3_secure=False,
        master_keys=MASTER_KEYS,
        signing_key_file=tmp_path / "release-key.pem",
        published_keys_folder=tmp_path / "release-keys",
        checkpoint_key_file=tmp_path / "checkpoint.key",
        secure_cookies=False,
        issuer_profile="demo",
    )


@pytest.fixture
def store(settings: Settings) -> S3PhotoStore:
    """The empty bucket that `settings` name."""
    photos = S3PhotoStore(settings)
    photos.ensure_bucket()
    return photos


def _empty(database: URL) -> None:
    with closing(connect(database)) as connection, connection.cursor() as cursor:
        cursor.execute(EMPTY_EVERY_TABLE)
