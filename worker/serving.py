"""A worker says at its start which models serve here, so that a promotion is on record from when it took effect."""

from collections.abc import Mapping

import structlog
from sqlalchemy.exc import OperationalError

from models.artifacts import MANIFEST, sha256_of
from models.registry import Registry
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.database import Database
from photogate.settings import Settings

log = structlog.get_logger()


def record_models(settings: Settings, registry: Registry) -> None:
    """Leave an event with every model that serves, by the SHA-256 of its manifest, and the classifier that is asked.

    While Postgres is away nothing is left: what scored a photo stands in each decision.
    """
    database = Database(settings.database_url)  # of its own: none may be open when the worker's pool forks
    try:
        with database.transaction() as session:
            kind, asked = EventKind.MODELS_SERVED, settings.classifier
            audit.append(session, kind, "system", models=serving(registry), classifier=asked)
    except OperationalError as error:
        log.warning("models_not_recorded", error=type(error).__name__)
    finally:
        database.close()


def serving(registry: Registry) -> Mapping[str, str]:
    """The SHA-256 of the manifest of every version that serves, by name@version; raises ArtifactError."""
    return {
        listed.reference: sha256_of((listed.directory / MANIFEST).read_bytes())
        for listed in registry.listed()
        if listed.serves
    }
