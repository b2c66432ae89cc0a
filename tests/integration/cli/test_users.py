"""`photogate user`: who is added can sign in, and nobody else."""

from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import CliRunner

from cli.users import user
from photogate.access import users
from photogate.access.tables import Role
from photogate.errors import Conflict, NotFound

PASSWORD = "correct horse battery staple"
ADA = ["ada@example.org", "--name", "Ada Lovelace"]


@pytest.fixture
def photogate(settings, database, monkeypatch):
    monkeypatch.setattr("cli.users.get_settings", lambda: settings)

    def run(*arguments, typed=None):
        return CliRunner().invoke(user, arguments, input=typed, catch_exceptions=False).stdout.strip()

    return run


def who_signs_in_with(database, address):
    token = parse_qs(urlsplit(address).query)["token"][0]
    with database.transaction() as session:
        return users.redeem_link(session, token)


def test_who_is_added_without_a_password_gets_a_link_to_the_review_pages(photogate, database, settings):
    address = photogate("create", *ADA, "--role", "auditor")
    assert address.startswith(f"{settings.review_url}/sign-in/link?token=")
    ada = who_signs_in_with(database, address)
    assert (ada.email, ada.name, ada.role) == ("ada@example.org", "Ada Lovelace", Role.AUDITOR)


def test_a_password_comes_from_standard_input_and_is_not_printed(photogate, database):
    assert photogate("create", *ADA, "--password-stdin", typed=f"{PASSWORD}\n") == ""
    with database.transaction() as session:
        assert users.check_password(session, "ada@example.org", PASSWORD)


def test_a_short_password_adds_nobody(photogate, database):
    with pytest.raises(Conflict, match="at least 12"):
        photogate("create", *ADA, "--password-stdin", typed="short\n")
    with database.transaction() as session:
        assert users.find_user(session, "ada@example.org") is None


def test_another_link_can_be_had(photogate, database):
    photogate("create", *ADA)
    assert who_signs_in_with(database, photogate("link", "ADA@example.org")).name == "Ada Lovelace"


def test_nobody_unknown_gets_a_link(photogate):
    with pytest.raises(NotFound):
        photogate("link", "nobody@example.org")
