"""What every page stands on: settings, database, store and workers, made once a process."""

from dataclasses import dataclass, field
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Annotated, Self, cast

from anyio import CapacityLimiter
from fastapi import Depends, Request

from photogate.applicants.master_keys import KeyFolder, Kms
from photogate.database import Database
from photogate.jobs.checks import Checks
from photogate.jobs.publisher import Publisher
from photogate.jobs.replays import Replays
from photogate.promotions.policy import LiveProfile
from photogate.quality.golden import Mixing
from photogate.settings import Settings
from photogate.storage import PhotoStore, S3PhotoStore

PASSWORDS_AT_ONCE = 4
CHECKS_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Program:
    """The review pages' own surroundings.

    `password_turn` bounds how many passwords are checked at once: each check takes 64 MiB on purpose. `checking` bounds
    how many wait for a worker at once: each holds a photo in memory.
    """

    settings: Settings
    database: Database
    store: PhotoStore
    kms: Kms
    checks: Checks
    replays: Replays
    publisher: Publisher
    live_profile: LiveProfile
    password_turn: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(PASSWORDS_AT_ONCE))
    checking: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(CHECKS_AT_ONCE))

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Open what the settings name; nothing is asked of it yet."""
        database = Database(settings.database_url)
        return cls(
            settings,
            database,
            S3PhotoStore(settings),
            KeyFolder(settings.master_keys),
            Checks(settings.redis_url),
            Replays(settings.redis_url),
            Publisher(settings.redis_url),
            LiveProfile(database, settings.issuer_profile),
        )

    def close(self) -> None:
        """Give the connections back."""
        self.database.close()
        self.checks.close()
        self.replays.close()

    @property
    def review_lease(self) -> timedelta:
        """How long a reviewer holds a case without a sign of life."""
        return timedelta(seconds=self.settings.review_lease_s)

    @property
    def mixing(self) -> Mixing:
        """How golden cases come into people's queues."""
        return Mixing(self.settings.golden_share, self.settings.golden_seed)


def _of(request: Request) -> Program:
    return cast("Program", request.app.state.program)


Here = Annotated[Program, Depends(_of)]
