"""A promotion is on record where there is a database; elsewhere, as where models are made, at a worker's next start."""

from contextlib import closing

from sqlalchemy.orm import Session

from models.registry import Registry
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.database import Database
from photogate.errors import Conflict
from photogate.promotions import service as promotions
from photogate.settings import Settings
from worker.serving import serving

ACTOR = "user:command-line"


def promote(settings: Settings, registry: Registry, reference: str) -> str | None:
    """Let one version serve, and leave an event if `PHOTOGATE_DATABASE_URL` is set; returns the one that served.

    Raises ArtifactError, Conflict for a model that decides, because that takes two people, and OperationalError while
    Postgres is away: then nothing was promoted.
    """
    if "database_url" not in settings.model_fields_set:
        return registry.promote(reference)
    with closing(Database(settings.database_url)) as database, database.transaction() as session:
        # Before anything changes: who cannot leave the event does not promote.
        _require_undecided(session, reference)
        before = registry.promote(reference)
        digest = serving(registry)[reference]
        audit.append(session, EventKind.MODEL_PROMOTED, ACTOR, model=reference, sha256=digest, before=before)
        return before


def _require_undecided(session: Session, reference: str) -> None:
    there = promotions.live(session)
    name = reference.partition("@")[0]
    if there and name in {one.partition("@")[0] for one in (there.rules.model, there.rules.camera or "")}:
        raise Conflict(f"{name} decides, which two people change: photogate models propose {reference}, then approve.")
