"""The rules by which a process decides: read from the record, kept until a photo is told that others are live."""

from collections.abc import Mapping
from functools import cached_property
from typing import Protocol

from sqlalchemy.orm import Session

from models.artifacts import ArtifactError
from models.classifier import Scorer
from models.registry import Registry, artifact_sha256
from photogate.applications import policies
from photogate.applications.policies import PolicyUnreadable
from photogate.errors import Unavailable
from photogate.promotions import models
from photogate.promotions.queries import Rules
from photogate.promotions.tables import ModelRole
from photogate.screening.profile import IssuerProfile
from worker.screening import Judges


class RulesNotHere(Unavailable):
    """A model that decides is not on this machine's disk, or is another one here: it decides under nothing else."""

    code, title = "RULES_NOT_HERE", "This worker does not have the models that decide"


class Shelf(Protocol):
    """Where a process has its models."""

    @property
    def registry(self) -> Registry:
        """What is on the disk."""

    def scorer(self, reference: str) -> Scorer:
        """A model by its exact name@version, loaded once; raises ArtifactError."""


class RecordedRules:
    """A policy as it is on record, and the models that it hears, loaded at their first use."""

    def __init__(self, rules: Rules, profile: IssuerProfile, digests: Mapping[str, str], shelf: Shelf) -> None:
        """`digests` holds the recorded SHA-256 of each model by its name@version."""
        self.rules, self.profile = rules, profile
        self._digests, self._shelf = digests, shelf

    @property
    def heard(self) -> set[str]:
        """The models that this policy hears, by name@version."""
        return {self.rules.model, *self._camera}

    @cached_property
    def judges(self) -> Judges:
        """The models that this policy hears; raises RulesNotHere."""
        camera = next(map(self._loaded, self._camera), None)
        return Judges(self._loaded(self.rules.model), camera)

    @property
    def _camera(self) -> tuple[str, ...]:
        return (self.rules.camera,) if self.rules.camera and self.profile.camera_photo else ()

    def _loaded(self, reference: str) -> Scorer:
        try:
            self._require_recorded(reference)
            return self._shelf.scorer(reference)
        except ArtifactError as error:
            raise RulesNotHere(f"{reference} decides, and this worker does not have it. {error}") from error

    def _require_recorded(self, reference: str) -> None:
        registry = self._shelf.registry
        if artifact_sha256(registry.find(reference), registry) != self._digests[reference]:
            raise ArtifactError(f"The {reference} here is not the one that is on record.")


def recorded(session: Session, rules: Rules, shelf: Shelf) -> RecordedRules:
    """Rules as they are on record; raises RulesNotHere for a policy that this version cannot read."""
    try:
        profile = policies.recorded(session, rules.policy)
    except PolicyUnreadable as error:
        raise RulesNotHere(error.detail) from error
    digests = {rules.model: models.recorded(session, rules.model, ModelRole.CLASSIFIER).sha256}
    if rules.camera:
        digests[rules.camera] = models.recorded(session, rules.camera, ModelRole.CAMERA).sha256
    return RecordedRules(rules, profile, digests, shelf)
