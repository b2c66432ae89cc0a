"""Models on record: what a version of a model was when it was first seen, for ever."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.database import table_of
from photogate.errors import NotFound
from photogate.promotions.refusals import BoundUnsupported, ModelChanged
from photogate.promotions.tables import ModelRecord, ModelRole
from photogate.screening.profile import IssuerProfile

_ROUNDING = 1e-9

_ADD = insert(table_of(ModelRecord)).on_conflict_do_nothing().returning(table_of(ModelRecord).c.reference)


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """A model as whoever has its artifact describes it: the SHA-256 of all of it, and what its manifest says.

    `guarantee` is that of `models.calibration.risk_control` as a dictionary, or None.
    """

    reference: str
    role: ModelRole
    sha256: str
    guarantee: Mapping[str, Any] | None
    thresholds: Mapping[str, float]
    created: str

    def to_json(self) -> dict[str, Any]:
        """What is kept beside reference, role and digest."""
        return {"guarantee": self.guarantee, "thresholds": dict(self.thresholds), "created": self.created}


def record(session: Session, model: ModelFacts) -> None:
    """Put a model on record; again changes nothing. Raises ModelChanged."""
    row = {"reference": model.reference, "role": model.role, "sha256": model.sha256, "facts": model.to_json()}
    if session.execute(_ADD, row).one_or_none():
        kind, role = EventKind.MODEL_RECORDED, model.role.value
        audit.append(session, kind, "system", model=model.reference, sha256=model.sha256, role=role)
    elif session.scalars(select(ModelRecord.sha256).where(ModelRecord.reference == model.reference)).one() != (
        model.sha256
    ):
        raise ModelChanged(f"The model {model.reference} is on record with other content; give it a new version.")


def recorded(session: Session, reference: str, role: ModelRole) -> ModelRecord:
    """The model called `name@version` that answers this question; raises NotFound."""
    kept = session.get(ModelRecord, reference)
    if kept is None or kept.role is not role:
        raise NotFound(f"No {role.value} called {reference} is on record.")
    return kept


def supporting(profile: IssuerProfile, model: ModelRecord | ModelFacts) -> Mapping[str, Any] | None:
    """The model's guarantee, which promises at least what the profile bounds; None where it bounds nothing.

    Raises BoundUnsupported.
    """
    if profile.risk is None:
        return None
    facts = model.facts if isinstance(model, ModelRecord) else model.to_json()
    promise = facts["guarantee"]
    if promise is None:
        raise BoundUnsupported(f"{model.reference} promises nothing, and {profile.reference} bounds the risk.")
    _require_rates(profile, model.reference, promise)
    _require_thresholds(profile, model.reference, facts["thresholds"])
    return dict(promise)


def _require_rates(profile: IssuerProfile, model: str, promise: Mapping[str, Any]) -> None:
    bounds = asdict(profile.risk) if profile.risk else {}
    wanted = tuple(bounds[name] for name in ("placeholders_approved", "reals_refused", "delta"))
    promised = (
        promise["placeholders_approved"]["at_most"],
        promise["reals_refused"]["at_most"],
        1 - promise["confidence"],
    )
    if any(most > bound + _ROUNDING for most, bound in zip(promised, wanted, strict=True)):
        raise BoundUnsupported(
            f"{profile.reference} bounds placeholders approved, real faces refused and delta by "
            f"{_shares(wanted)}; {model} promises {_shares(promised)}."
        )


def _require_thresholds(profile: IssuerProfile, model: str, edges: Mapping[str, float]) -> None:
    limits = profile.real_photo
    if limits.approve_at < edges["approve_at_or_above"] or limits.refuse_at > edges["refuse_below"]:
        raise BoundUnsupported(
            f"{profile.reference} approves from {limits.approve_at} and refuses up to {limits.refuse_at}, laxer than "
            f"{edges['approve_at_or_above']} and {edges['refuse_below']}, for which {model} promises."
        )


def _shares(shares: tuple[float, ...]) -> str:
    return ", ".join(f"{share:.3%}" for share in shares)
