"""Which models serve is on record from each start of a worker."""

import hashlib

from sqlalchemy import select

from models.registry import Registry
from photogate.audit.tables import Event, EventKind
from worker.serving import record_models


def test_a_worker_says_which_models_serve(settings, database):
    registry = Registry(settings.models_folder)
    record_models(settings, registry)
    with database.transaction() as session:
        event = session.scalars(select(Event).where(Event.kind == EventKind.MODELS_SERVED)).one()
    student = registry.find("student")
    assert event.details["classifier"] == "student"
    manifest = hashlib.sha256((student / "manifest.json").read_bytes()).hexdigest()
    assert event.details["models"][f"student@{student.name}"] == manifest


def test_without_a_database_a_worker_starts_all_the_same(settings):
    away = settings.model_copy(update={"database_url": "postgresql+psycopg2://127.0.0.1:1/x"})
    record_models(away, Registry(settings.models_folder))
