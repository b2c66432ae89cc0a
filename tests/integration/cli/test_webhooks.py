"""`photogate webhooks`: the secret is shown once, and the list says what waits."""

import pytest
from standardwebhooks import Webhook
from typer.testing import CliRunner

from cli.webhooks import webhooks
from photogate.errors import Conflict, NotFound
from photogate.outbox import service as outbox
from photogate.outbox.addresses import AddressRefused

URL = "https://printer.example.org/"


@pytest.fixture
def photogate(settings, database, monkeypatch):
    monkeypatch.setattr("cli.webhooks.get_settings", lambda: settings)
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments):
        return CliRunner().invoke(webhooks, arguments, catch_exceptions=False).stdout.strip()

    return run


def test_an_address_is_added_shown_and_removed(photogate, database):
    endpoint, secret = photogate("add", "ministry", URL).split()
    assert Webhook(secret)
    with database.transaction() as session:
        outbox.tell(session, "ministry", "print_release.issued", {})
    listed = photogate("list")
    assert (endpoint in listed, URL in listed, secret in listed) == (True, True, False)
    with pytest.raises(Conflict):
        photogate("add", "ministry", URL)
    photogate("remove", endpoint)
    assert endpoint not in photogate("list")
    with pytest.raises(NotFound):
        photogate("remove", endpoint)


def test_an_address_inside_ones_network_needs_the_setting(photogate):
    with pytest.raises(AddressRefused):
        photogate("add", "ministry", "http://printer.internal/")
