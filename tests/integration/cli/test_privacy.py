"""`photogate privacy` on a real database and store."""

import zipfile
from datetime import timedelta
from functools import partial

import pytest
from typer.testing import CliRunner

from cli import privacy as commands
from photogate.applicants.master_keys import KeyFolder, new_master_key
from photogate.errors import Conflict, NotFound
from photogate.privacy import orphans
from photogate.privacy.erasure import OnHold
from tests.factories import CLIENT
from tests.integration.photogate.applicant import REFERENCE, applied
from tests.keys import KMS

WHO = (CLIENT.name, REFERENCE)


@pytest.fixture
def run(settings, database, store, monkeypatch):
    monkeypatch.setattr(commands, "get_settings", lambda: settings)

    def invoked(*arguments):
        ended = CliRunner().invoke(commands.privacy, [str(argument) for argument in arguments], catch_exceptions=False)
        assert ended.exit_code == 0, ended.output
        return ended.output

    return invoked


def test_a_dry_run_a_hold_and_an_erasure(run, database, store):
    applied(database, store)
    assert run("erase", *WHO, "--dry-run") == "Would erase 1 applications, 1 photos, 0 notes and 3 objects.\n"
    run("hold", *WHO, "--reason", "court order")
    with pytest.raises(OnHold):
        run("erase", *WHO)
    run("release-hold", *WHO)
    assert run("erase", *WHO).startswith("Erased 1 applications, 1 photos, 0 notes and 3 objects; 0 objects are left")
    assert list(store.keys("")) == []
    with pytest.raises(NotFound):
        run("erase", *WHO)


def test_an_export_is_written_once_and_never_over_another_file(run, database, store, tmp_path):
    applied(database, store)
    held = tmp_path / "held.zip"
    assert run("export", *WHO, held).strip() == f"Written to {held}, with 3 pictures."
    with zipfile.ZipFile(held) as archive:
        assert len(archive.namelist()) == 4
    with pytest.raises(Conflict, match=r"held\.zip"):
        run("export", *WHO, held)


def test_orphans_are_named_and_removed_only_when_asked(run, database, store, monkeypatch):
    case = applied(database, store)
    store.put(f"{case.application_id}/left", b"x", "text/plain")
    monkeypatch.setattr(commands.orphans, "search", partial(orphans.search, older_than=timedelta(minutes=-1)))
    assert "1 orphans, 0 removed; 0 objects missing." in run("orphans")
    assert "1 orphans, 1 removed; 0 objects missing." in run("orphans", "--remove")
    assert len(list(store.keys(""))) == 3


def test_a_rotation_wraps_everything_anew(run, database, store, settings, monkeypatch, tmp_path):
    keys = tmp_path / "keys"
    keys.mkdir()
    for path in settings.master_keys.iterdir():
        (keys / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(commands, "get_settings", lambda: settings.model_copy(update={"master_keys": keys}))
    applied(database, store)
    assert "wraps everything now" in run("rotate-master-key")
    assert len(KeyFolder(keys).ids()) == 2
    with pytest.raises(Conflict, match="seconds old"):
        run("destroy-old-master-keys")
    assert "0 objects ran out, 0 applicants were erased." in run("sweep")
    assert run("new-master-key").strip() == KeyFolder(keys).newest
    assert KMS.newest != new_master_key(keys)
