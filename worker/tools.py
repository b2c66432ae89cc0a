"""What a worker process works with: made once, after the fork, each at its first use."""

from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from functools import cached_property, lru_cache

import structlog
from redis.exceptions import RedisError

from models.artifacts import ArtifactError
from models.classifier import Scorer
from models.detection.compact import NETWORK as FACE_DETECTOR
from models.registry import Registry
from models.runtimes.loading import Runtime, load_scorer
from photogate.applicants.master_keys import KeyFolder
from photogate.applications.photo_keys import PhotoKeys, SealedPhotos
from photogate.applications.profiles import load_profile
from photogate.database import Database
from photogate.jobs.checks import Checks
from photogate.jobs.names import Queue
from photogate.jobs.publisher import Publisher
from photogate.screening.profile import IssuerProfile
from photogate.settings import Settings, get_settings
from photogate.storage import S3PhotoStore
from worker.opinions import AI_DETECTOR, can_judge
from worker.policy import record_policy
from worker.sandbox import Sandbox, SandboxLimits, detector_of
from worker.screening import Judges

log = structlog.get_logger()


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
    def policy(self) -> IssuerProfile:
        """The same, on record before this process decides by it; raises what `record_policy` raises."""
        with self.database.transaction() as session:
            record_policy(session, self.profile, self.settings)
        return self.profile

    @cached_property
    def database(self) -> Database:
        """Postgres."""
        return Database(self.settings.database_url)

    @cached_property
    def store(self) -> S3PhotoStore:
        """The photos."""
        return S3PhotoStore(self.settings)

    @cached_property
    def kms(self) -> KeyFolder:
        """The master keys."""
        return KeyFolder(self.settings.master_keys)

    def photos(self, keys: PhotoKeys) -> SealedPhotos:
        """The store as one photo's key opens it; raises Erased, KeyMissing, SealBroken."""
        return SealedPhotos(self.store, keys.open(self.kms))

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
        return Sandbox(SandboxLimits.of(self.settings), detector_of(self.settings))

    @cached_property
    def registry(self) -> Registry:
        """The models of this installation."""
        return Registry(self.settings.models_folder)

    @cached_property
    def classifier(self) -> Scorer:
        """The classifier that the settings name; raises ArtifactError."""
        return serving_classifier(self.settings)

    @cached_property
    def judges(self) -> Judges:
        """Every model that the policy wants to hear; raises ArtifactError."""
        return judges_for(self.profile, self.classifier, self.registry)

    @cached_property
    def scorers(self) -> Mapping[str, Scorer]:
        """What serves of every model, by name@version, the one that judges applications first; raises ArtifactError."""
        return {scorer.name: scorer for scorer in (self.classifier, *self._others())}

    def _others(self) -> Iterator[Scorer]:
        for listed in self.registry.listed():
            if listed.serves and listed.name != FACE_DETECTOR and listed.reference != self.classifier.name:
                try:
                    yield self._scorer(listed.reference)
                except ArtifactError as error:
                    log.warning("model_left_out", model=listed.reference, problem=str(error))  # nothing depends on it

    def _scorer(self, reference: str) -> Scorer:
        return load_scorer(reference, self.registry, Runtime(self.settings.runtime))

    def warm_up(self, queues: Collection[str]) -> None:
        """Start what photos of these queues need; quick when it runs already. Raises SandboxFailed, ArtifactError."""
        if {Queue.PREPARE, Queue.CHECKS} & set(queues):
            self.sandbox.start()
        if {Queue.CLASSIFY, Queue.CHECKS} & set(queues) or self.settings.inline_classify:
            _ = self.judges
        if Queue.CHECKS in queues:
            self.announce_models()

    def announce_models(self) -> None:
        """Tell the pages which models a check can ask for; said again with each check, because Redis keeps nothing."""
        try:
            self.checks.announce([name for name in self.scorers if can_judge(name)])
        except RedisError as error:
            log.warning("models_not_announced", problem=type(error).__name__)  # the pages then offer the default


def serving_classifier(settings: Settings) -> Scorer:
    """The classifier that the settings name, on the runtime that they name; raises ArtifactError."""
    return load_scorer(settings.classifier, Registry(settings.models_folder), Runtime(settings.runtime))


def judges_for(profile: IssuerProfile, classifier: Scorer, registry: Registry) -> Judges:
    """The classifier, and whatever else this policy asks about and is installed; raises ArtifactError."""
    installed = {listed.name for listed in registry.listed()}
    asks = profile.camera_photo is not None and AI_DETECTOR in installed
    return Judges(classifier, load_scorer(AI_DETECTOR, registry) if asks else None)


@lru_cache(maxsize=1)
def tools() -> Tools:
    """The tools of this process."""
    return Tools(get_settings())
