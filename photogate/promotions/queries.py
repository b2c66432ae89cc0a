"""What is asked about promotions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from photogate.applications.tables import Policy
from photogate.database import table_of
from photogate.errors import NotFound
from photogate.promotions.tables import ModelRecord, ModelRole, Promotion, Settlement, Slot

_SETTLEMENTS = table_of(Settlement)

LIVE_NUMBER = (
    select(_SETTLEMENTS.c.number)
    .where(_SETTLEMENTS.c.slot == Slot.LIVE, _SETTLEMENTS.c.number.is_not(None))
    .order_by(_SETTLEMENTS.c.number.desc())
    .limit(1)
    .scalar_subquery()
)
"""The number of the live promotion, as a part of a larger question; null where nothing was promoted yet."""


@dataclass(frozen=True, slots=True)
class Rules:
    """A policy and the models that it hears, each by its exact `name@version`."""

    policy: str
    model: str
    camera: str | None = None


@dataclass(frozen=True, slots=True)
class InForce:
    """The rules that decide, or judge beside, since promotion `number`."""

    number: int
    rules: Rules
    promotion_id: UUID
    since: datetime


def in_force(session: Session, slot: Slot = Slot.LIVE) -> InForce | None:
    """The newest that was approved; None where there is none, or where a shadow was ended."""
    newest = session.scalar(_approved(slot).limit(1))
    if newest is None or newest.number is None or (rules := rules_of(newest.promotion)) is None:
        return None
    return InForce(newest.number, rules, newest.promotion_id, newest.created_at)


def newest_number(session: Session, slot: Slot) -> int:
    """The number of the last promotion that was approved; 0 where there is none."""
    return session.scalar(select(func.max(Settlement.number)).where(Settlement.slot == slot)) or 0


def rules_of(promotion: Promotion) -> Rules | None:
    """What is promoted; None for the end of a shadow."""
    if promotion.policy is None or promotion.model is None:
        return None
    return Rules(promotion.policy, promotion.model, promotion.camera)


def approved(session: Session, slot: Slot, *, before: int | None = None, limit: int) -> Sequence[Settlement]:
    """A page of what was in force, newest first, below the number `before`."""
    wanted = _approved(slot).limit(limit)
    return session.scalars(wanted if before is None else wanted.where(Settlement.number < before)).all()


def numbered(session: Session, slot: Slot, number: int) -> Settlement:
    """The promotion with this number; raises NotFound."""
    found = session.scalar(_approved(slot).where(Settlement.number == number))
    if found is None:
        raise NotFound(f"There is no promotion number {number}.")
    return found


def newest_shadow(session: Session) -> Settlement | None:
    """The last promotion that put rules beside those that decide, also when it ended since."""
    return session.scalar(
        _approved(Slot.SHADOW).join(Settlement.promotion).where(Promotion.policy.is_not(None)).limit(1)
    )


def waiting(session: Session) -> Sequence[Promotion]:
    """The proposals that nobody has settled, oldest first."""
    return session.scalars(
        select(Promotion)
        .outerjoin(Promotion.settlement)
        .where(Settlement.promotion_id.is_(None))
        .order_by(Promotion.id)
    ).all()


def withdrawn(session: Session, *, limit: int) -> Sequence[Settlement]:
    """The proposals that were withdrawn last."""
    return session.scalars(
        select(Settlement)
        .where(Settlement.number.is_(None))
        .order_by(Settlement.created_at.desc())
        .limit(limit)
        .options(joinedload(Settlement.promotion))
    ).all()


def proposal(session: Session, promotion_id: UUID) -> Promotion:
    """A proposal with how it was settled; raises NotFound."""
    found = session.scalar(
        select(Promotion).where(Promotion.id == promotion_id).options(joinedload(Promotion.settlement))
    )
    if found is None:
        raise NotFound("There is no such proposal.")
    return found


def policies(session: Session) -> Sequence[Policy]:
    """Every policy on record, the newest first."""
    return session.scalars(select(Policy).order_by(Policy.created_at.desc(), Policy.reference)).all()


def models(session: Session, role: ModelRole | None = None) -> Sequence[ModelRecord]:
    """Every model on record, the newest first."""
    wanted = select(ModelRecord).order_by(ModelRecord.created_at.desc(), ModelRecord.reference)
    return session.scalars(wanted if role is None else wanted.where(ModelRecord.role == role)).all()


def model(session: Session, reference: str) -> ModelRecord:
    """The model called `name@version`, whatever it answers; raises NotFound."""
    kept = session.get(ModelRecord, reference)
    if kept is None:
        raise NotFound(f"The model {reference} is not on record.")
    return kept


def _approved(slot: Slot) -> Select[Settlement]:
    return (
        select(Settlement)
        .where(Settlement.slot == slot, Settlement.number.is_not(None))
        .order_by(Settlement.number.desc())
        .options(joinedload(Settlement.promotion))
    )
