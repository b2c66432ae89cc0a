"""What a worker process works with: made once, after the fork, each at its first use."""

from collections.abc import Collection
from datetime import timedelta
from functools import cached_property, lru_cache

from models.artifacts import newest_version
from models.classifier import Classifier
from photogate.applications.profiles import load_profile
from photogate.database import Database
from photogate.jobs.checks import Checks
from photogate.jobs.names import Queue
from photogate.jobs.publisher import Publisher
from photogate.screening.profile import IssuerProfile
from photogate.settings import Settings, get_settings
from photogate.storage import S3PhotoStore
from worker.sandbox import Sandbox, SandboxLimits


class Tools:
    """Connections, box and classifier of one process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @property
    def lease(self) -> timedelta:
        """How long a claim holds."""
        return timedelta(seconds=self.settings.lease_s)

    @cached_property
    def profile(self) -> IssuerProfile:
        """The policy under which this process decides."""
        return load_profile(self.settings.issuer_profile)

    @cached_property
    def database(self) -> Database:
        """Postgres."""
        return Database(self.settings.database_url)

    @cached_property
    def store(self) -> S3PhotoStore:
        """The photos."""
        return S3PhotoStore(self.settings)

    @cached_property
    def publisher(self) -> Publisher:
        """The way to the next stage's queue."""
        return Publisher(self.settings.redis_url)

    @cached_property
    def checks(self) -> Checks:
        """The one-off checks that somebody waits for."""
        return Checks(self.settings.redis_url)

    @cached_property
    def sandbox(self) -> Sandbox:
        """The box in which photos are decoded."""
        return Sandbox(SandboxLimits.of(self.settings))

    @cached_property
    def classifier(self) -> Classifier:
        """The classifier that the settings name; raises ArtifactError."""
        return Classifier.load(newest_version(self.settings.classifier))

    def warm_up(self, queues: Collection[str]) -> None:
        """Start what photos of these queues need; quick when it runs already. Raises SandboxFailed, ArtifactError."""
        if {Queue.PREPARE, Queue.CHECKS} & set(queues):
            self.sandbox.start()
        if {Queue.CLASSIFY, Queue.CHECKS} & set(queues) or self.settings.inline_classify:
            _ = self.classifier


@lru_cache(maxsize=1)
def tools() -> Tools:
    """The tools of this process."""
    return Tools(get_settings())
