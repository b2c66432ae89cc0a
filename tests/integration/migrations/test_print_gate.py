"""Releases of the time before the print gate had holds: kept on the way up, and on the way back."""

import secrets
from collections.abc import Callable
from contextlib import closing

import pytest
from sqlalchemy.engine import make_url

from embedded.provision import connect, provision
from migrations.run import downgrade, upgrade

BEFORE, AFTER = "0003", "0004"
ADD = """
INSERT INTO print_releases (id, application_id, photo_id, decision_id, photo_sha256, state, token, expires_at, ended_at)
VALUES (gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'ab', %s, %s, now(), %s)
"""


@pytest.fixture
def owner(services):
    name = f"photogate_gate_{secrets.token_hex(4)}"
    yield provision(services.superuser_url, name).owner
    with closing(connect(make_url(services.superuser_url))) as connection, connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def ask(services, owner) -> Callable[..., list]:
    """Asks this database as its superuser."""

    def asked(statement, *values):
        superuser = make_url(services.superuser_url).set(database=make_url(owner).database)
        with closing(connect(superuser)) as connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    return asked


def test_releases_are_kept_on_the_way_up_and_those_with_a_token_on_the_way_back(owner, ask):
    upgrade(owner, BEFORE)
    for needed in ("application", "photo", "decision"):
        ask(f"ALTER TABLE print_releases DROP CONSTRAINT fk_print_releases_{needed}_id")
    for state, ended in (("released", None), ("issued", "now"), ("cancelled", "now"), ("failed", "now")):
        ask(ADD, state, "a.b.c", ended)
    upgrade(owner, AFTER)
    kept = ask("SELECT state, key_id, ended_because FROM print_releases ORDER BY state")
    assert kept == [(state, "first", "requested") for state in ("cancelled", "failed", "issued")] + [
        ("released", "first", None)
    ]
    ask(ADD, "held", None, None)
    downgrade(owner, BEFORE)
    assert ask("SELECT state::text FROM print_releases ORDER BY 1") == [
        ("cancelled",),
        ("failed",),
        ("issued",),
        ("released",),
    ]
