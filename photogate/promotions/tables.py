"""Models on record, proposals of what shall decide, and how each proposal was settled; all are only ever added to."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from photogate.database import Base, new_id, text_enum
from photogate.screening.verdicts import Verdict

SYSTEM = "system"
"""Who adopts what the settings name, once, where nobody has promoted anything."""

_SOMEBODY = "'^(system|user:[0-9a-f-]{36})$'"


class ModelRole(StrEnum):
    """The question that a model answers: real face or placeholder, camera or generator."""

    CLASSIFIER = "classifier"
    CAMERA = "camera"


class Slot(StrEnum):
    """Whether the rules decide, or judge beside those that do."""

    LIVE = "live"
    SHADOW = "shadow"


class ModelRecord(Base):
    """One version of a model as it was when it was first seen; never changed.

    `sha256` covers the whole artifact. `facts` are what its manifest says: `guarantee`, `thresholds`, `created`.
    """

    __tablename__ = "model_records"
    __table_args__ = (CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_is_hex"),)

    reference: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[ModelRole] = mapped_column(text_enum(ModelRole))
    sha256: Mapped[str] = mapped_column(String(64))
    facts: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class Promotion(Base):
    """What somebody wants to decide, or to judge beside, from then on; no policy and no model ends a shadow.

    `after` is the number of the promotion that was in force when it was proposed, 0 where none was.
    """

    __tablename__ = "promotions"
    __table_args__ = (
        CheckConstraint("slot = 'shadow' OR (policy IS NOT NULL AND model IS NOT NULL)", name="live_rules_are_whole"),
        CheckConstraint("(policy IS NULL) = (model IS NULL)", name="policy_and_model_go_together"),
        CheckConstraint("camera IS NULL OR model IS NOT NULL", name="no_camera_alone"),
        CheckConstraint("after >= 0", name="after_is_a_number"),
        CheckConstraint(f"proposed_by ~ {_SOMEBODY}", name="proposed_by_somebody"),
        UniqueConstraint("id", "slot", "after", "proposed_by", name="uq_promotions_proposal"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slot: Mapped[Slot] = mapped_column(text_enum(Slot))
    after: Mapped[int]
    policy: Mapped[str | None] = mapped_column(ForeignKey("policies.reference"))
    model: Mapped[str | None] = mapped_column(ForeignKey("model_records.reference"))
    camera: Mapped[str | None] = mapped_column(ForeignKey("model_records.reference"))
    proposed_by: Mapped[str]
    because: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    settlement: Mapped["Settlement | None"] = relationship(lazy="raise", back_populates="promotion", uselist=False)


class ShadowJudgement(Base):
    """What the rules of a shadow say of one decision that a machine made, beside what decided alone; never changed.

    `live` is without samples and suspensions, which no rule makes. `p_real`, `scores` and `models` are those that the
    shadow heard: `scores` holds all by which a photo can be decided again, none in what earlier versions kept;
    `problem` names the kind of error where it could not judge.
    """

    __tablename__ = "shadow_judgements"
    __table_args__ = (
        CheckConstraint("(shadow IS NULL) = (problem IS NOT NULL)", name="judged_or_a_problem"),
        CheckConstraint("differs = coalesce(shadow <> live, false)", name="differs_as_it_says"),
        Index("ix_shadow_judgements_time", "promotion_id", "decided_at"),
        Index(
            "ix_shadow_judgements_differing",
            "promotion_id",
            "decided_at",
            "decision_id",
            postgresql_where="differs",
        ),
    )

    promotion_id: Mapped[UUID] = mapped_column(ForeignKey("promotions.id"), primary_key=True)
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    decided_at: Mapped[datetime]
    live: Mapped[Verdict] = mapped_column(text_enum(Verdict))
    shadow: Mapped[Verdict | None] = mapped_column(text_enum(Verdict))
    differs: Mapped[bool]
    reasons: Mapped[list[Any]]
    p_real: Mapped[float | None]
    scores: Mapped[dict[str, Any] | None]
    models: Mapped[dict[str, Any]]
    problem: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class Settlement(Base):
    """How a proposal ended: in force as `number`, or withdrawn, which has none.

    The numbers of a slot rise by one, and a number is the next after what the proposal was made after: of two that
    build on the same, the database refuses the second. Whoever proposed does not approve; the database refuses that
    too. Only the system approves its own, and only the first. `fairness` is by what the gate of fairness let it pass.
    """

    __tablename__ = "promotion_settlements"
    __table_args__ = (
        ForeignKeyConstraint(
            ["promotion_id", "slot", "after", "proposed_by"],
            ["promotions.id", "promotions.slot", "promotions.after", "promotions.proposed_by"],
            name="fk_promotion_settlements_proposal",
        ),
        UniqueConstraint("slot", "number", name="uq_promotion_settlements_number"),
        CheckConstraint("number = after + 1", name="nothing_between"),
        CheckConstraint(f"settled_by ~ {_SOMEBODY}", name="settled_by_somebody"),
        CheckConstraint(
            "number IS NULL OR (settled_by <> proposed_by AND 'system' NOT IN (settled_by, proposed_by)) "
            "OR (settled_by = 'system' AND proposed_by = 'system' AND after = 0)",
            name="approved_by_a_second_person",
        ),
    )

    promotion_id: Mapped[UUID] = mapped_column(primary_key=True)
    slot: Mapped[Slot] = mapped_column(text_enum(Slot))
    after: Mapped[int]
    proposed_by: Mapped[str]
    number: Mapped[int | None]
    settled_by: Mapped[str]
    because: Mapped[str]
    fairness: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    promotion: Mapped[Promotion] = relationship(lazy="raise", back_populates="settlement")
