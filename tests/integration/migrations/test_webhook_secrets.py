"""Webhooks' secrets change their form: nobody's webhook falls silent unnoticed."""

import secrets
from contextlib import closing

import pytest
from sqlalchemy.engine import make_url

from embedded.provision import connect, provision
from migrations.run import downgrade, upgrade
from photogate.errors import Conflict

BEFORE, AFTER = "0008", "0009"
ADD = """
INSERT INTO webhook_endpoints (id, client, url, secret) VALUES (gen_random_uuid(), 'ministry', 'https://a.b/', 'x')
"""


@pytest.fixture
def owner(services):
    name = f"photogate_hooks_{secrets.token_hex(4)}"
    yield provision(services.superuser_url, name).owner
    with closing(connect(make_url(services.superuser_url))) as connection, connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_webhook_in_use_is_removed_first_and_one_that_was_removed_is_kept_without_its_secret(services, owner):
    superuser = make_url(services.superuser_url).set(database=make_url(owner).database)
    upgrade(owner, BEFORE)
    with closing(connect(superuser)) as connection, connection.cursor() as cursor:
        cursor.execute(ADD)
        with pytest.raises(Conflict, match="Remove every webhook"):
            upgrade(owner, AFTER)
        cursor.execute("UPDATE webhook_endpoints SET ended_at = now()")
        upgrade(owner, AFTER)
        cursor.execute("SELECT client, sealed_secret, master_key_id FROM webhook_endpoints")
        assert cursor.fetchall() == [("ministry", None, None)]
    downgrade(owner, BEFORE)
