"""A program that decides says at its start under which policy and with which mandate.

It refuses a policy that was changed behind its version, and one that bounds what the classifier does not promise.
"""

from dataclasses import asdict

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from models.artifacts import MANIFEST, Manifest
from models.calibration.risk_control import Guarantee
from models.ensemble import EnsembleManifest, is_ensemble
from models.registry import Registry
from photogate.applications import policies
from photogate.applications.profiles import load_profile
from photogate.database import Database
from photogate.errors import Conflict
from photogate.mandates import service as mandates
from photogate.screening.profile import IssuerProfile
from photogate.settings import Settings

log = structlog.get_logger()

_ROUNDING = 1e-9


class BoundUnsupported(Conflict):
    """The profile bounds a risk for which the classifier gives no guarantee."""

    code, title = "BOUND_UNSUPPORTED", "The model does not promise what the profile bounds"


def require_policy(settings: Settings) -> None:
    """Put the policy and the classifier's mandate on record; raises PolicyChanged, BoundUnsupported, ArtifactError.

    While Postgres is away nobody can tell, and the first decision asks again.
    """
    database = Database(settings.database_url)  # of its own: none may be open when the worker's pool forks
    try:
        with database.transaction() as session:
            record_policy(session, load_profile(settings.issuer_profile), settings)
    except OperationalError as error:
        log.warning("policy_not_compared", error=type(error).__name__)
    finally:
        database.close()


def record_policy(session: Session, profile: IssuerProfile, settings: Settings) -> None:
    """The same within a transaction of the caller's."""
    manifest = _manifest(settings) if profile.risk else None
    policies.record(session, profile)
    if manifest:
        mandates.begin(session, profile, manifest.reference, asdict(supporting(manifest, profile)))


def supporting(manifest: Manifest | EnsembleManifest, profile: IssuerProfile) -> Guarantee:
    """The artifact's guarantee, which promises at least what the profile bounds; raises BoundUnsupported."""
    risk, promise = profile.risk, manifest.guarantee
    if risk is None or promise is None:
        raise BoundUnsupported(f"{manifest.reference} promises nothing, and {profile.reference} bounds the risk.")
    wanted = risk.placeholders_approved, risk.reals_refused, risk.delta
    promised = promise.placeholders_approved.at_most, promise.reals_refused.at_most, 1 - promise.confidence
    if any(most > bound + _ROUNDING for most, bound in zip(promised, wanted, strict=True)):
        raise BoundUnsupported(
            f"{profile.reference} bounds placeholders approved, real faces refused and delta by "
            f"{_shares(wanted)}; {manifest.reference} promises {_shares(promised)}."
        )
    limits, edges = profile.real_photo, manifest.thresholds
    if limits.approve_at < edges["approve_at_or_above"] or limits.refuse_at > edges["refuse_below"]:
        raise BoundUnsupported(
            f"{profile.reference} approves from {limits.approve_at} and refuses up to {limits.refuse_at}, laxer than "
            f"{edges['approve_at_or_above']} and {edges['refuse_below']}, for which {manifest.reference} promises."
        )
    return promise


def _manifest(settings: Settings) -> Manifest | EnsembleManifest:
    directory = Registry(settings.models_folder).find(settings.classifier)
    kind = EnsembleManifest if is_ensemble(directory) else Manifest
    return kind.read(directory / MANIFEST)


def _shares(shares: tuple[float, ...]) -> str:
    return ", ".join(f"{share:.3%}" for share in shares)
