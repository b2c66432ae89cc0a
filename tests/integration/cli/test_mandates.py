"""`photogate mandates`: the bounds and what people saw, and letting a model decide alone again."""

import pytest
from typer.testing import CliRunner

from cli.mandates import mandates
from photogate.access.tables import Role
from photogate.errors import Forbidden, NotFound
from tests.factories import user
from tests.integration.photogate.mandated import EVERYBODY, MODEL, begin, standing, turn_bad


@pytest.fixture
def photogate(settings, database, monkeypatch):
    monkeypatch.setattr("cli.mandates.get_settings", lambda: settings)
    monkeypatch.setenv("COLUMNS", "240")

    def run(*arguments):
        return CliRunner().invoke(mandates, arguments, catch_exceptions=False).stdout

    return run


def test_what_fell_back_is_shown_and_resumed_by_an_admin_alone(photogate, database):
    begin(database)
    ada = user(database)
    user(database, Role.ADMIN, "root@example.org")
    turn_bad(database, ada)
    [line] = [line for line in photogate("list").splitlines() if f" {EVERYBODY.reference}" in line]
    assert "3 of 3" in line
    assert "refusals" in line
    assert "approvals" not in line
    wanted = ("resume", EVERYBODY.reference, MODEL, "--because", "retrained", "--by")
    with pytest.raises(NotFound):
        photogate(*wanted, "nobody@example.org")
    with pytest.raises(Forbidden):
        photogate(*wanted, "ada@example.org")
    photogate(*wanted, "root@example.org")
    assert not standing(database).is_suspended
    assert photogate("list").count("approvals, refusals") == 2
