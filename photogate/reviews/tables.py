"""The open cases, and what people said of those that several of them look at."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from photogate.access.tables import User
from photogate.applications.tables import Application, DecisionRecord, Photo
from photogate.database import Base, new_id, pg_enum, text_enum
from photogate.screening.four_eyes import Said
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict


class Seat(StrEnum):
    """Whose word a case waits for: the first person's, a second one's, or the last word of an adjudicator."""

    FIRST = "first"
    SECOND = "second"
    ADJUDICATOR = "adjudicator"


class ReviewTask(Base):
    """One case that a person must decide; claimed by one reviewer at a time, for as long as the lease lasts.

    `round` counts how often what people had said was voided, because what they judged by had changed.
    `golden_for` is the person who is shown a photo whose answer is known; of such a case no decision comes.
    """

    __tablename__ = "review_tasks"
    __table_args__ = (
        CheckConstraint("(claimed_by IS NULL) = (lease_until IS NULL)", name="claims_have_a_lease"),
        Index("ix_review_tasks_open", "opened_at", postgresql_where="closed_at IS NULL"),
        Index(
            "uq_review_tasks_open_application",
            "application_id",
            unique=True,
            postgresql_where="closed_at IS NULL AND golden_for IS NULL",
        ),
        Index("uq_review_tasks_decision_id", "decision_id", unique=True, postgresql_where="golden_for IS NULL"),
        Index(
            "uq_review_tasks_golden", "golden_for", "photo_id", unique=True, postgresql_where="golden_for IS NOT NULL"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.id"))
    opened_at: Mapped[datetime] = mapped_column(server_default=func.now())
    due_at: Mapped[datetime] = mapped_column(server_default=text("now() + interval '72 hours'"))
    awaits: Mapped[Seat] = mapped_column(text_enum(Seat), default=Seat.FIRST, server_default=Seat.FIRST)
    round: Mapped[int] = mapped_column(default=0, server_default="0")
    golden_for: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    claimed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    lease_until: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    application: Mapped[Application] = relationship(lazy="raise")
    photo: Mapped[Photo] = relationship(lazy="raise")
    decision: Mapped[DecisionRecord] = relationship(lazy="raise")
    reviewer: Mapped[User | None] = relationship(foreign_keys=[claimed_by], lazy="raise")


class ReviewVerdict(Base):
    """What one person said of a case at which several look; never changed.

    `evidence` is the tag of what they judged by. Within a round nobody speaks twice, whatever the programs believe.
    """

    __tablename__ = "review_verdicts"
    __table_args__ = (
        UniqueConstraint("task_id", "round", "user_id"),
        UniqueConstraint("task_id", "round", "seat"),
        CheckConstraint("seat IN ('first', 'second', 'adjudicator')", name="seat_is_known"),
        CheckConstraint("verdict <> 'in_review'", name="verdict_settles"),
        CheckConstraint("evidence ~ '^[0-9a-f]{64}$'", name="evidence_is_hex"),
        Index("ix_review_verdicts_user_id_created_at", "user_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("review_tasks.id"))
    round: Mapped[int]
    seat: Mapped[Seat] = mapped_column(text_enum(Seat))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    verdict: Mapped[Verdict] = mapped_column(pg_enum(Verdict))
    codes: Mapped[list[Any]]
    evidence: Mapped[str] = mapped_column(String(64))
    sealed_note: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    @property
    def said(self) -> Said:
        """The verdict with its reasons."""
        return Said(self.verdict, tuple(ReasonCode(code) for code in self.codes))
