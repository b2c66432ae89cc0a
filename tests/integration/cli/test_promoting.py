"""`photogate models promote` is on record, or nothing was promoted."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from cli.models import models
from models.artifacts import MANIFEST, sha256_of
from models.registry import SERVING
from photogate.audit.tables import Event, EventKind
from photogate.settings import Settings
from tests.unit.models.artifact_made import write_artifact


@pytest.fixture
def folder(settings, tmp_path, monkeypatch):
    """The operator's folder with two versions of one model, and the settings that name it and the database."""
    own = tmp_path / "own"
    for version in ("1.0.0", "2.0.0"):
        write_artifact(own, version=version)
    monkeypatch.setattr("cli.models.get_settings", lambda: settings.model_copy(update={"models_folder": own}))
    return own


def promote(reference):
    return CliRunner().invoke(models, ("promote", reference), catch_exceptions=False)


def promotions(database):
    with database.transaction() as session:
        return session.scalars(select(Event.details).where(Event.kind == EventKind.MODEL_PROMOTED)).all()


def test_a_promotion_names_the_model_by_its_digest_and_the_one_before(folder, database):
    assert promote("bright@1.0.0").exit_code == 0
    digest = sha256_of((folder / "bright/1.0.0" / MANIFEST).read_bytes())
    assert promotions(database) == [{"model": "bright@1.0.0", "sha256": digest, "before": "2.0.0"}]


def test_what_is_refused_leaves_no_event(folder, database):
    assert promote("bright@3.0.0").exit_code == 2
    assert promotions(database) == []


def test_while_postgres_is_away_nothing_is_promoted(folder, settings, monkeypatch):
    nowhere = {"models_folder": folder, "database_url": "postgresql+psycopg2://nobody@127.0.0.1:1/none"}
    monkeypatch.setattr("cli.models.get_settings", lambda: settings.model_copy(update=nowhere))
    with pytest.raises(OperationalError):
        promote("bright@1.0.0")
    assert not (folder / SERVING).exists()


def test_where_no_database_is_set_the_worker_s_start_is_the_record(folder, database, monkeypatch):
    monkeypatch.delenv("PHOTOGATE_DATABASE_URL", raising=False)
    monkeypatch.setattr("cli.models.get_settings", lambda: Settings(models_folder=folder))
    assert "before: 2.0.0" in promote("bright@1.0.0").output
    assert promotions(database) == []
