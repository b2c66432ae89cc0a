"""What a worker process works with: made once, after the fork, each at its first use."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, lru_cache

import structlog
from redis.exceptions import RedisError
from sqlalchemy.exc import InterfaceError, OperationalError

from models.artifacts import ArtifactError
from models.classifier import Scorer
from models.detection.compact import NETWORK as FACE_DETECTOR
from models.registry import Listed, Registry
from models.runtimes.loading import Runtime, load_scorer
from photogate.applicants.master_keys import KeyFolder
from photogate.applications.photo_keys import PhotoKeys, SealedPhotos
from photogate.applications.profiles import load_profile
from photogate.database import Database
from photogate.errors import Unavailable
from photogate.jobs.checks import Checks
from photogate.jobs.names import Queue
from photogate.jobs.publisher import Publisher
from photogate.promotions import queries
from photogate.promotions.tables import Slot
from photogate.screening.profile import IssuerProfile
from photogate.settings import Settings, get_settings
from photogate.storage import S3PhotoStore
from worker import policy
from worker.opinions import AI_DETECTOR, can_judge
from worker.rules import RecordedRules, recorded
from worker.sandbox import Sandbox, SandboxLimits, detector_of
from worker.screening import Judges

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Live:
    """The rules of the live promotion, and its number."""

    number: int
    rules: RecordedRules

    @property
    def profile(self) -> IssuerProfile:
        """The policy."""
        return self.rules.profile

    @property
    def judges(self) -> Judges:
        """The models that it hears; raises RulesNotHere."""
        return self.rules.judges


class Tools:
    """Connections, box and classifier of one process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._live: Live | None = None
        self._loaded: dict[str, Scorer] = {}

    @property
    def lease(self) -> timedelta:
        """How long a claim holds."""
        return timedelta(seconds=self.settings.lease_s)

    @property
    def review_due_in(self) -> timedelta:
        """By when people should have decided a case."""
        return timedelta(hours=self.settings.review_due_hours)

    @property
    def live(self) -> "Live":
        """The rules by which this process decides, asked for anew once they were forgotten.

        Raises what `worker.policy.live` raises, and OperationalError while Postgres is away.
        """
        if self._live is None:
            with self.database.transaction() as session:
                there = policy.live(session, self.settings)
                self._live = Live(there.number, recorded(session, there.rules, self))
        return self._live

    def forget_rules(self) -> None:
        """Other rules are live: ask for them before the next photo."""
        self._live = None

    def look_for_rules(self) -> None:
        """Have the live rules at hand for what decides nothing; while Postgres is away, those known last do."""
        known = self._live
        try:
            with self.database.transaction() as session:
                number = queries.newest_number(session, Slot.LIVE)
            if known is None or known.number != number:
                self._live = None
                _ = self.live.judges
        except (OperationalError, InterfaceError, Unavailable) as error:
            self._live = known
            log.warning("rules_not_read", error=type(error).__name__)

    @property
    def profile(self) -> IssuerProfile:
        """The policy that is live as far as this process knows, else the one that the settings name."""
        return self._live.profile if self._live else self._named_profile

    @cached_property
    def _named_profile(self) -> IssuerProfile:
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

    @property
    def judges(self) -> Judges:
        """Every model that `profile` wants to hear; raises ArtifactError, RulesNotHere."""
        return self._live.judges if self._live else self._named_judges

    @cached_property
    def _named_judges(self) -> Judges:
        classifier = self.scorer(self.registry.exactly(self.settings.classifier))
        return judges_for(self._named_profile, classifier, self.registry)

    @property
    def classifier(self) -> Scorer:
        """The model that judges applications; raises ArtifactError, RulesNotHere."""
        return self.judges.classifier

    @property
    def scorers(self) -> Mapping[str, Scorer]:
        """What serves of every model, by name@version, the one that judges applications first; raises ArtifactError."""
        return {scorer.name: scorer for scorer in (self.classifier, *self._others())}

    def scorer(self, reference: str) -> Scorer:
        """A model by its exact name@version, loaded once; raises ArtifactError."""
        if reference not in self._loaded:
            runtime = Runtime(self.settings.runtime) if can_judge(reference) else Runtime.AUTO
            self._loaded[reference] = load_scorer(reference, self.registry, runtime)
        return self._loaded[reference]

    def _others(self) -> Iterator[Scorer]:
        for listed in self._serving:
            if listed != self.classifier.name:
                yield self.scorer(listed)

    @cached_property
    def _serving(self) -> tuple[str, ...]:
        """The other models that serve here and can be loaded; nothing depends on one that cannot."""
        return tuple(filter(self._can_load, (one.reference for one in self.registry.listed() if _may_be_heard(one))))

    def _can_load(self, reference: str) -> bool:
        try:
            self.scorer(reference)
        except ArtifactError as error:
            log.warning("model_left_out", model=reference, problem=str(error))
            return False
        return True

    def warm_up(self, queues: Collection[str]) -> None:
        """Start what photos of these queues need, before the first comes. Raises SandboxFailed, ArtifactError."""
        if {Queue.PREPARE, Queue.CHECKS} & set(queues):
            self.sandbox.start()
        if {Queue.CLASSIFY, Queue.CHECKS} & set(queues) or self.settings.inline_classify:
            self.look_for_rules()
            _ = self.judges
        if Queue.CHECKS in queues:
            self.announce_models()

    def announce_models(self) -> None:
        """Tell the pages which models a check can ask for; said again with each check, because Redis keeps nothing."""
        try:
            self.checks.announce([name for name in self.scorers if can_judge(name)])
        except RedisError as error:
            log.warning("models_not_announced", problem=type(error).__name__)  # the pages then offer the default


def _may_be_heard(listed: Listed) -> bool:
    return listed.serves and listed.name != FACE_DETECTOR


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
