"""What is asked about mandates."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Select, bindparam, func, select, tuple_
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Session, joinedload

from photogate.applications.tables import ActorKind, DecisionRecord
from photogate.database import table_of
from photogate.mandates.tables import Change, Mandate, Standing

_STANDINGS = table_of(Standing)

SUSPENDED = (
    select(array([_STANDINGS.c.approvals_suspended, _STANDINGS.c.refusals_suspended]))
    .where(_STANDINGS.c.policy == bindparam("policy"), _STANDINGS.c.model == bindparam("model"))
    .order_by(_STANDINGS.c.version.desc())
    .limit(1)
    .scalar_subquery()
)
"""Whether approvals and refusals are suspended, as a part of a larger question; null where there is no mandate."""


def locked(session: Session, policy: str, models: Collection[str]) -> Standing | None:
    """How the mandate of one of these models stands, held so that nobody else changes it; None where there is none."""
    model = session.scalar(select(Mandate.model).where(Mandate.policy == policy, Mandate.model.in_(models)))
    if model is None:
        return None
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"{policy} {model}", 0))))
    return session.scalars(_newest_first(policy, model).limit(1)).one()


def may_not_approve(session: Session, made: DecisionRecord) -> bool:
    """Whether a machine approved this alone and may, by now, no longer do so."""
    if made.actor_kind is not ActorKind.POLICY or not made.models:
        return False
    of_these = select(Standing.approvals_suspended).where(
        Standing.policy == made.policy, Standing.model.in_(made.models)
    )
    return bool(session.scalar(of_these.order_by(Standing.version.desc()).limit(1)))


def current(session: Session) -> Sequence[Standing]:
    """How every mandate stands, the newest mandate first."""
    newest = select(Standing.policy, Standing.model, func.max(Standing.version)).group_by(
        Standing.policy, Standing.model
    )
    return session.scalars(
        select(Standing)
        .where(tuple_(Standing.policy, Standing.model, Standing.version).in_(newest))
        .join(Mandate)
        .order_by(Mandate.created_at.desc(), Mandate.policy, Mandate.model)
        .options(joinedload(Standing.mandate))
    ).all()


def judged_before(session: Session, now: Standing, photo_id: UUID) -> Standing | None:
    """The last judgement of a photo that this round's tally counts."""
    return session.scalar(
        _newest_first(now.policy, now.model)
        .where(Standing.photo_id == photo_id, Standing.round == now.round, Standing.change == Change.JUDGED)
        .limit(1)
    )


def by_machine(session: Session, photo_id: UUID) -> DecisionRecord | None:
    """What the policy decided about a photo."""
    return session.scalar(
        select(DecisionRecord).where(DecisionRecord.photo_id == photo_id, DecisionRecord.actor_kind == ActorKind.POLICY)
    )


def as_they_stood(session: Session, decisions: Iterable[DecisionRecord]) -> Mapping[UUID, Standing]:
    """For every decision of a machine under a mandate, how the mandate stood at that time."""
    return {
        made.id: stood
        for made in decisions
        if made.actor_kind is ActorKind.POLICY and made.models and (stood := _stood(session, made))
    }


def _stood(session: Session, made: DecisionRecord) -> Standing | None:
    return session.scalar(
        select(Standing)
        .where(Standing.policy == made.policy, Standing.model.in_(made.models), Standing.created_at <= made.created_at)
        .order_by(Standing.created_at.desc(), Standing.version.desc())
        .limit(1)
        .options(joinedload(Standing.mandate))
    )


def _newest_first(policy: str, model: str) -> Select[Standing]:
    return (
        select(Standing)
        .where(Standing.policy == policy, Standing.model == model)
        .order_by(Standing.version.desc())
        .options(joinedload(Standing.mandate))
    )
