"""Roles and database are made once, however often and however many ask, and let in only who should be."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg2
import pytest
from psycopg2 import sql
from sqlalchemy.engine import make_url

from embedded.errors import EmbeddedError
from embedded.provision import connect, provision
from embedded.services import EmbeddedServices


@pytest.fixture
def name(services):
    chosen = f"photogate provision {secrets.token_hex(4)}"
    yield chosen
    run(services.superuser_url, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(chosen)))


def run(url, statement):
    with closing(connect(make_url(url))) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_the_owner_makes_tables_and_the_application_cannot(services, name):
    urls = provision(services.superuser_url, name)
    run(urls.owner, "CREATE TABLE applications (id int)")
    assert run(urls.app, "SELECT current_user::text, current_database()::text") == [("photogate_app", name)]
    for forbidden in ("CREATE TABLE mine (id int)", "CREATE SCHEMA mine", "SELECT * FROM applications"):
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            run(urls.app, forbidden)


def test_nobody_else_comes_in(services, name):
    provision(services.superuser_url, name)
    run(services.superuser_url, "CREATE ROLE photogate_stranger LOGIN")
    try:
        with pytest.raises(EmbeddedError, match="permission denied for database"):
            connect(make_url(services.superuser_url).set(username="photogate_stranger", database=name))
    finally:
        run(services.superuser_url, "DROP ROLE photogate_stranger")


def test_the_database_speaks_utf8(services, name):
    urls = provision(services.superuser_url, name)
    assert run(urls.app, "SHOW server_encoding") == [("UTF8",)]


def test_asking_again_changes_nothing(services, name):
    urls = provision(services.superuser_url, name)
    run(urls.owner, "CREATE TABLE applications AS SELECT 1 AS id")
    assert provision(services.superuser_url, name) == urls
    assert run(urls.owner, "SELECT id FROM applications") == [(1,)]


def test_eight_at_once_get_the_same(services, name):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: provision(services.superuser_url, name), range(8)))
    assert answers == answers[:1] * 8


def test_a_server_that_is_not_there_is_one_sentence_without_the_password():
    with pytest.raises(EmbeddedError, match=r"^Postgres does not let us in at .*127\.0\.0\.1:1/postgres: ") as error:
        provision("postgresql+psycopg2://postgres:hunter2@127.0.0.1:1/postgres", "photogate")
    assert "hunter2" not in str(error.value)
    assert "\n" not in str(error.value)


@pytest.fixture
def guarded(directory):
    """A server that asks everybody for a password; its superuser's URL."""
    with EmbeddedServices(directory, redis_url="redis://unused") as services:
        run(services.superuser_url, "ALTER ROLE postgres PASSWORD 'superuser secret'")
        (directory / "postgres" / "pg_hba.conf").write_text("local all all scram-sha-256\n")
        run(services.superuser_url, "SELECT pg_reload_conf()")
        url = make_url(services.superuser_url).set(password="superuser secret")
        yield url.render_as_string(hide_password=False)


def test_where_a_password_is_wanted_each_role_gets_one_of_its_own(guarded):
    urls = provision(guarded, "photogate")
    passwords = {make_url(url).password for url in (guarded, urls.owner, urls.app)}
    assert len(passwords) == 3
    assert run(urls.app, "SELECT 1") == [(1,)]
    with pytest.raises(EmbeddedError, match="password authentication failed"):
        connect(make_url(urls.app).set(password=make_url(urls.owner).password))


def test_two_processes_at_once_do_not_take_each_others_password(guarded):
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: provision(guarded, "photogate"), range(4)))
    assert answers == answers[:1] * 4
    assert run(answers[0].owner, "SELECT 1") == [(1,)]


def test_passwords_show_in_no_representation(guarded):
    urls = provision(guarded, "photogate")
    assert make_url(urls.app).password not in repr(urls)
