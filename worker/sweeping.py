"""The relay's housekeeping: what has run out goes, and so do objects that no row names."""

import time

import structlog

from photogate.applications.profiles import load_profile
from photogate.database import Database
from photogate.privacy import orphans, retention
from photogate.privacy.erasure import remove_objects
from photogate.settings import Settings
from photogate.storage import S3PhotoStore
from worker.turns import Turn

log = structlog.get_logger()

LOOK_AGAIN_S = 30.0


class Housekeeping:
    """Sweeps when its time has come; two relays that sweep at once do each other no harm."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._database, self._store = database, S3PhotoStore(settings)
        self._profile = load_profile(settings.issuer_profile)
        self._every_s = settings.sweep_hours * 3600
        self._due_at = time.monotonic()

    def turn(self) -> None:
        """Sweep when it is due; one that failed is due again at the next turn. Raises Unavailable."""
        if time.monotonic() < self._due_at:
            return
        self._sweep()
        self._due_at = time.monotonic() + self._every_s

    def _sweep(self) -> None:
        batches = list(retention.sweep(self._database, self._store, self._profile))
        removed = 0
        for piece in orphans.search(self._database, self._store):
            removed += len(piece.orphans) - remove_objects(self._store, [orphan.name for orphan in piece.orphans])
        log.info(
            "swept",
            ran_out=sum(batch.objects for batch in batches),
            applicants_erased=sum(batch.applicants for batch in batches),
            orphans=removed,
        )


def housekeeping(settings: Settings, database: Database) -> Turn:
    """What keeps the house clean, beside the relay."""
    return Turn(Housekeeping(settings, database).turn, LOOK_AGAIN_S)
