"""The pool and a server that ends connections."""

from contextlib import closing

from sqlalchemy import text

from photogate.database import Database


def backend(database):
    with database.transaction() as session:
        return session.scalar(text("SELECT pg_backend_pid()"))


def test_a_connection_that_the_server_has_ended_is_replaced_before_anybody_meets_it(database, settings):
    ended = backend(database)
    with closing(Database(settings.database_url)) as other, other.transaction() as session:
        assert session.scalar(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": ended})
    assert backend(database) != ended
