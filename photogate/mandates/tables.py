"""Mandates and how they stood; both are only ever added to."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from photogate.database import Base, text_enum
from photogate.screening.risk import Tally, Truth
from photogate.screening.verdicts import Verdict


class Mandate(Base):
    """One model under one version of a policy: the bound that the policy names, and what the model's artifact promises.

    `risk` is a `photogate.screening.risk.Risk`, `guarantee` that of the artifact's manifest.
    """

    __tablename__ = "mandates"

    policy: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    risk: Mapped[dict[str, Any]]
    guarantee: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class Change(StrEnum):
    """Why a mandate stands otherwise than before: it began, a person judged a sampled photo, a person resumed it."""

    BEGUN = "begun"
    JUDGED = "judged"
    RESUMED = "resumed"


class Standing(Base):
    """How a mandate stood after one change: the tally since it was last resumed, and what is suspended.

    `round` counts the resumptions; each begins with an empty tally. `shows` and `machine` are what the person and the
    machine said of the photo that was judged.
    """

    __tablename__ = "mandate_standings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["policy", "model"], ["mandates.policy", "mandates.model"], name="fk_mandate_standings_mandate"
        ),
        CheckConstraint("(change = 'judged') = (decision_id IS NOT NULL)", name="judged_by_a_decision"),
        CheckConstraint("(change = 'resumed') = (user_id IS NOT NULL)", name="resumed_by_a_person"),
        CheckConstraint("num_nulls(photo_id, decision_id, machine) IN (0, 3)", name="judgements_are_whole"),
        CheckConstraint(
            "placeholders_approved BETWEEN 0 AND placeholders AND reals_refused BETWEEN 0 AND reals",
            name="errors_are_among_the_judged",
        ),
        Index("ix_mandate_standings_photo_id", "photo_id"),
        Index("ix_mandate_standings_time", "policy", "model", "created_at"),
    )

    policy: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    round: Mapped[int]
    change: Mapped[Change] = mapped_column(text_enum(Change))
    photo_id: Mapped[UUID | None] = mapped_column(ForeignKey("photos.id"))
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decisions.id"), unique=True)
    shows: Mapped[Truth | None] = mapped_column(text_enum(Truth))
    machine: Mapped[Verdict | None] = mapped_column(text_enum(Verdict))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    placeholders: Mapped[int]
    placeholders_approved: Mapped[int]
    reals: Mapped[int]
    reals_refused: Mapped[int]
    approvals_suspended: Mapped[bool]
    refusals_suspended: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    mandate: Mapped[Mandate] = relationship(lazy="raise")

    @property
    def tally(self) -> Tally:
        """What was judged in this round."""
        return Tally(self.placeholders, self.placeholders_approved, self.reals, self.reals_refused)

    @property
    def is_suspended(self) -> bool:
        """Whether people decide what the machine otherwise decides alone."""
        return self.approvals_suspended or self.refusals_suspended
