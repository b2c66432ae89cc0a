"""`photogate release`: keys for printers, and an approval that is taken back."""

import json

import pytest
from typer.testing import CliRunner

from cli.release import release
from photogate.access.tables import Role
from photogate.applications import queries
from photogate.errors import Conflict, NotFound
from photogate.releases.keys import SigningKeyMissing
from printing.verifier import KeySet
from tests.factories import CLIENT, PORTRAIT, decided, user


@pytest.fixture
def photogate(settings, monkeypatch):
    monkeypatch.setattr("cli.release.get_settings", lambda: settings)

    def run(*arguments):
        return CliRunner().invoke(release, list(map(str, arguments)), catch_exceptions=False)

    return run


def test_a_new_key_is_named_with_its_public_half_and_published(photogate, settings):
    with pytest.raises(SigningKeyMissing):
        photogate("keys")
    assert (
        str(settings.signing_key_file.with_suffix(".pub.pem")) in photogate("new-key", settings.signing_key_file).stdout
    )
    with pytest.raises(Conflict):
        photogate("new-key", settings.signing_key_file)
    printed = photogate("keys").stdout
    [key] = json.loads(printed)["keys"]
    assert KeySet.parse(printed).key(key["kid"])


def test_an_approval_is_taken_back_in_a_persons_name(photogate, database):
    approved, ada = decided(database, PORTRAIT), user(database)
    told = photogate("take-back", approved.application_id, "--by", ada.email, "--reason", "NOT_SHARP", "--ask-again")
    assert "taken back" in told.stdout
    with database.transaction() as session:
        application = queries.application(session, CLIENT.name, approved.application_id)
    assert application.status.value == "resubmission_requested"
    assert application.current_decision.user_id == ada.id


def test_an_auditor_and_a_stranger_take_nothing_back(photogate, database):
    approved = decided(database, PORTRAIT)
    user(database, Role.AUDITOR, "audit@example.org")
    for by in ("audit@example.org", "nobody@example.org"):
        with pytest.raises(NotFound, match="who may decide"):
            photogate("take-back", approved.application_id, "--by", by, "--reason", "NOT_SHARP")
    assert photogate("take-back", "x", "--by", "y", "--reason", "NOT_SHARP").exit_code == 2
