"""The relay's housekeeping: what has run out goes, and so do objects that no row names."""

import time
from collections.abc import Iterator

import structlog

from photogate.database import Database
from photogate.privacy import orphans, retention
from photogate.privacy.erasure import remove_objects
from photogate.promotions.policy import live_profile
from photogate.settings import Settings
from photogate.storage import S3PhotoStore
from worker.turns import Turn

log = structlog.get_logger()

LOOK_AGAIN_S = 1.0
AT_ONCE_S = 0.5
"""So long it sweeps in one turn, which leaves two thirds of the time to photos, and lets the relay stop."""


class Housekeeping:
    """Sweeps when its time has come, a little a turn; two relays that sweep at once do each other no harm."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._database, self._store = database, S3PhotoStore(settings)
        self._named = settings.issuer_profile
        self._every_s = settings.sweep_hours * 3600
        self._due_at = time.monotonic()
        self._under_way: Iterator[None] | None = None

    def turn(self) -> None:
        """Begin when it is due, or go on; one that failed begins again at the next turn. Raises Unavailable."""
        if self._under_way is None and time.monotonic() < self._due_at:
            return
        sweep, self._under_way = self._under_way or self._sweep(), None
        until = time.monotonic() + AT_ONCE_S
        for _ in sweep:
            if time.monotonic() >= until:
                self._under_way = sweep
                return
        self._due_at = time.monotonic() + self._every_s

    def _sweep(self) -> Iterator[None]:
        """Everything there is to do, in pieces."""
        with self._database.transaction() as session:
            profile = live_profile(session, self._named)
        objects = applicants = removed = 0
        for batch in retention.sweep(self._database, self._store, profile):
            objects, applicants = objects + batch.objects, applicants + batch.applicants
            yield
        for piece in orphans.search(self._database, self._store):
            removed += len(piece.orphans) - remove_objects(self._store, [orphan.name for orphan in piece.orphans])
            yield
        log.info("swept", ran_out=objects, applicants_erased=applicants, orphans=removed)


def housekeeping(settings: Settings, database: Database) -> Turn:
    """What keeps the house clean, beside the relay."""
    return Turn(Housekeeping(settings, database).turn, LOOK_AGAIN_S)
