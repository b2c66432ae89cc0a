"""What one process of the API holds open for as long as it lives."""

from dataclasses import dataclass
from typing import Annotated

from anyio import CapacityLimiter
from fastapi import Depends, Request
from redis import Redis

from api.metrics import Metrics
from photogate.applicants.master_keys import KeyFolder, Kms
from photogate.database import Database
from photogate.jobs.checks import Checks
from photogate.jobs.publisher import Publisher
from photogate.promotions.policy import LiveProfile
from photogate.screening.profile import IssuerProfile
from photogate.settings import Settings
from photogate.storage import S3PhotoStore

CHECKS_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Connections:
    """The settings, and one connection pool for each service; none of them connects before it is used."""

    settings: Settings
    live_profile: LiveProfile
    database: Database
    store: S3PhotoStore
    kms: Kms
    publisher: Publisher
    checks: Checks
    redis: Redis
    checking: CapacityLimiter
    metrics: Metrics

    @classmethod
    def open(cls, settings: Settings, metrics: Metrics) -> "Connections":
        """Make them all; raises ProfileError for a profile that cannot be used."""
        database = Database(settings.database_url)
        return cls(
            settings=settings,
            live_profile=LiveProfile(database, settings.issuer_profile),
            database=database,
            store=S3PhotoStore(settings),
            kms=KeyFolder(settings.master_keys),
            publisher=Publisher(settings.redis_url),
            checks=Checks(settings.redis_url),
            redis=Redis.from_url(settings.redis_url, socket_timeout=2, socket_connect_timeout=2),
            checking=CapacityLimiter(CHECKS_AT_ONCE),
            metrics=metrics,
        )

    @property
    def profile(self) -> IssuerProfile:
        """The policy that is live, which says what intake takes and how often one may try again."""
        return self.live_profile.now()

    def close(self) -> None:
        """Give every connection back."""
        self.database.close()
        self.redis.close()


async def _connections(request: Request) -> Connections:
    found: Connections = request.app.state.connections
    return found


Connected = Annotated[Connections, Depends(_connections)]
"""The process's connections, for an endpoint."""
