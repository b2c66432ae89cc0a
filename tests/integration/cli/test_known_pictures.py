"""`photogate known-pictures`: adding a file, the list, removing."""

import pytest
from typer.testing import CliRunner

from cli.known_pictures import known_pictures
from photogate.errors import NotFound, Unprocessable
from photogate.pictures.bank import AlreadyKnown
from tests.factories import jpeg, user
from tests.guards.tree import ROOT

SILHOUETTE = ROOT / "samples/silhouette.png"


@pytest.fixture
def photogate(settings, database, monkeypatch):
    monkeypatch.setattr("cli.known_pictures.get_settings", lambda: settings)
    monkeypatch.setenv("COLUMNS", "240")
    user(database)

    def run(*arguments, by="ada@example.org", because="A silhouette."):
        said = () if arguments[0] == "list" else ("--by", by, "--because", because)
        return CliRunner().invoke(known_pictures, [*arguments, *said], catch_exceptions=False).stdout

    return run


def test_a_file_is_added_listed_and_removed(photogate):
    added = photogate("add", str(SILHOUETTE)).strip()
    [line] = [line for line in photogate("list").splitlines() if added in line]
    for words in ("file", "Ada", "A silhouette.", "0 times by 0 applicants"):
        assert words in line
    with pytest.raises(AlreadyKnown):
        photogate("add", str(SILHOUETTE))
    photogate("remove", added, because="It was a person.")
    assert "by Ada: It was a person." in photogate("list")


def test_what_is_no_use_is_said_in_one_sentence(photogate, tmp_path):
    plain, broken = tmp_path / "plain.jpg", tmp_path / "broken.jpg"
    plain.write_bytes(jpeg((300, 300)))
    broken.write_bytes(b"no picture")
    with pytest.raises(Unprocessable, match="too plain"):
        photogate("add", str(plain))
    with pytest.raises(Unprocessable):
        photogate("add", str(broken))
    with pytest.raises(Unprocessable, match="cannot be read"):
        photogate("add", str(tmp_path / "nothing.png"))
    with pytest.raises(NotFound):
        photogate("add", str(SILHOUETTE), by="nobody@example.org")
