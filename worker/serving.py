"""A worker says at its start which models serve here, so that a promotion is on record from when it took effect."""

from collections.abc import Mapping

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from models.artifacts import MANIFEST, ArtifactError, sha256_of
from models.detection.compact import NETWORK as FACE_DETECTOR
from models.registry import Registry
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.database import Database
from photogate.promotions import models
from photogate.promotions.refusals import ModelChanged
from photogate.settings import Settings
from worker.policy import facts

log = structlog.get_logger()


def record_models(settings: Settings, registry: Registry) -> None:
    """Leave an event with every model that serves, and put every version on record that can be proposed.

    While Postgres is away nothing is left: what scored a photo stands in each decision.
    """
    database = Database(settings.database_url)  # of its own: none may be open when the worker's pool forks
    try:
        with database.transaction() as session:
            kind, asked = EventKind.MODELS_SERVED, settings.classifier
            audit.append(session, kind, "system", models=serving(registry), classifier=asked)
            record_versions(session, registry)
    except OperationalError as error:
        log.warning("models_not_recorded", error=type(error).__name__)
    finally:
        database.close()


def record_versions(session: Session, registry: Registry) -> None:
    """Put every model on record that can be proposed; what cannot be read, or has changed, is left out and told."""
    for listed in registry.listed():
        if listed.name != FACE_DETECTOR:
            try:
                models.record(session, facts(listed.reference, registry))
            except (ArtifactError, ModelChanged) as error:
                log.warning("model_not_recorded", model=listed.reference, problem=str(error))


def serving(registry: Registry) -> Mapping[str, str]:
    """The SHA-256 of the manifest of every version that serves, by name@version; raises ArtifactError."""
    return {
        listed.reference: sha256_of((listed.directory / MANIFEST).read_bytes())
        for listed in registry.listed()
        if listed.serves
    }
