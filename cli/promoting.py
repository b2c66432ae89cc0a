"""A promotion is on record where there is a database; elsewhere, as where models are made, at a worker's next start."""

from contextlib import closing

from models.registry import Registry
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.database import Database
from photogate.settings import Settings
from worker.serving import serving

ACTOR = "user:command-line"


def promote(settings: Settings, registry: Registry, reference: str) -> str | None:
    """Let one version serve, and leave an event if `PHOTOGATE_DATABASE_URL` is set; returns the one that served.

    Raises ArtifactError, and OperationalError while Postgres is away: then nothing was promoted.
    """
    if "database_url" not in settings.model_fields_set:
        return registry.promote(reference)
    with closing(Database(settings.database_url)) as database, database.transaction() as session:
        session.connection()  # before anything changes: who cannot leave the event does not promote
        before = registry.promote(reference)
        digest = serving(registry)[reference]
        audit.append(session, EventKind.MODEL_PROMOTED, ACTOR, model=reference, sha256=digest, before=before)
        return before
