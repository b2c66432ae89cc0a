"""A program that decides reads at its start what is live; the first of all puts on record what its settings name.

It refuses a policy that was changed behind its version, and one that bounds what the classifier does not promise.
"""

from dataclasses import asdict

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from models.artifacts import ArtifactError
from models.registry import FINDS, Registry, artifact_sha256, manifest_of
from photogate.applications import policies
from photogate.applications.profiles import load_profile
from photogate.database import Database
from photogate.promotions import service as promotions
from photogate.promotions.models import ModelFacts
from photogate.promotions.queries import InForce, Rules
from photogate.promotions.tables import ModelRole
from photogate.screening.profile import IssuerProfile
from photogate.settings import Settings
from worker.opinions import AI_DETECTOR, can_judge

log = structlog.get_logger()


def require_policy(settings: Settings) -> InForce | None:
    """What is live; raises PolicyChanged, ModelChanged, BoundUnsupported, ArtifactError.

    While Postgres is away nobody can tell, and the first decision asks again.
    """
    named = load_profile(settings.issuer_profile)
    database = Database(settings.database_url)  # of its own: none may be open when the worker's pool forks
    try:
        with database.transaction() as session:
            there = live(session, settings)
            _compare(session, there.rules, named)
            return there
    except OperationalError as error:
        log.warning("policy_not_compared", error=type(error).__name__)
        return None
    finally:
        database.close()


def live(session: Session, settings: Settings) -> InForce:
    """What decides; where nobody has promoted anything, what the settings name becomes that."""
    return promotions.live(session) or _adopted(session, settings)


def facts(reference: str, registry: Registry) -> ModelFacts:
    """What is on record of a model, as its artifact here says it; raises ArtifactError."""
    manifest = manifest_of(registry.find(reference))
    if FINDS in manifest.thresholds:
        raise ArtifactError(f"{manifest.reference} finds faces, and decides about none.")
    return ModelFacts(
        manifest.reference,
        ModelRole.CLASSIFIER if can_judge(manifest.reference) else ModelRole.CAMERA,
        artifact_sha256(registry.find(reference), registry),
        asdict(manifest.guarantee) if manifest.guarantee else None,
        manifest.thresholds,
        manifest.created,
    )


def _adopted(session: Session, settings: Settings) -> InForce:
    registry = Registry(settings.models_folder)
    installed = {listed.name for listed in registry.listed()}
    return promotions.adopt(
        session,
        load_profile(settings.issuer_profile),
        facts(settings.classifier, registry),
        facts(AI_DETECTOR, registry) if AI_DETECTOR in installed else None,
    )


def _compare(session: Session, rules: Rules, named: IssuerProfile) -> None:
    """People decide what is live, not settings; whoever changes a setting all the same is told."""
    if named.reference == rules.policy:
        policies.record(session, named)
    else:
        log.warning("profile_not_live", named=named.reference, live=rules.policy)
