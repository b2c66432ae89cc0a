"""What only somebody at the database itself can do to a case: it is done here, and seen to be found."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from psycopg2 import extensions
from sqlalchemy.engine import make_url

from embedded.provision import connect


@contextmanager
def superuser(services, database_urls) -> Iterator[extensions.cursor]:
    """A connection that no right, trigger or foreign key stops."""
    server = make_url(services.superuser_url).set(database=make_url(database_urls.app).database)
    with closing(connect(server)) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield cursor
