"""`photogate golden` says what the answer to a photo is, and lists what it said."""

import pytest
from typer.testing import CliRunner

from cli.golden import golden
from photogate.access.tables import Role
from photogate.errors import Forbidden, NotFound
from tests.factories import PLACEHOLDER, decided, user


@pytest.fixture
def photogate(settings, database, monkeypatch):
    monkeypatch.setattr("cli.golden.get_settings", lambda: settings)
    monkeypatch.setenv("COLUMNS", "240")

    def run(*arguments):
        return CliRunner().invoke(golden, arguments, catch_exceptions=False).stdout

    return run


def test_what_an_admin_adds_is_listed_with_its_answer_and_how_it_is_known(photogate, database):
    user(database)
    user(database, Role.ADMIN, "root@example.org")
    made = decided(database, PLACEHOLDER)
    answer = ("rejected", "--reason", "PLACEHOLDER_IMAGE", "--provenance", "Drawn by us.")
    for by, refusal in (("ada@example.org", Forbidden), ("nobody@example.org", NotFound)):
        with pytest.raises(refusal):
            photogate("add", str(made.application_id), *answer, "--by", by)
    photogate("add", str(made.application_id), *answer, "--by", "root@example.org")
    listed = photogate("list")
    for words in (str(made.photo_id), "rejected PLACEHOLDER_IMAGE", "Drawn by us.", "root@example.org"):
        assert words in listed
