"""Print releases and their states."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from photogate.database import Base, new_id, text_enum


class ReleaseState(StrEnum):
    """`held → released → issued | cancelled | failed`; what is held can be cancelled too."""

    HELD = "held"
    RELEASED = "released"
    ISSUED = "issued"
    CANCELLED = "cancelled"
    FAILED = "failed"


class EndReason(StrEnum):
    """Why a release ended: its client said so, another decision is in force, its applicant or its time is gone."""

    REQUESTED = "requested"
    SUPERSEDED = "superseded"
    ERASED = "erased"
    EXPIRED = "expired"


class PrintRelease(Base):
    """One permission to print, signed once it is no longer held.

    At most one of an application is alive, and the database holds that.
    """

    __tablename__ = "print_releases"
    __table_args__ = (
        CheckConstraint("(token IS NULL) = (key_id IS NULL)", name="token_names_its_key"),
        CheckConstraint("token IS NOT NULL OR state IN ('held', 'cancelled')", name="released_means_signed"),
        CheckConstraint("(ended_at IS NULL) = (state IN ('held', 'released'))", name="ended_has_a_time"),
        Index(
            "uq_print_releases_alive",
            "application_id",
            unique=True,
            postgresql_where="state IN ('held', 'released', 'issued')",
        ),
        Index("ix_print_releases_open", "expires_at", postgresql_where="ended_at IS NULL"),
        Index("ix_print_releases_ended", "expires_at", postgresql_where="ended_at IS NOT NULL AND token IS NOT NULL"),
        Index("ix_print_releases_key_id", "key_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.id"))
    photo_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[ReleaseState] = mapped_column(text_enum(ReleaseState))
    token: Mapped[str | None]
    key_id: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[EndReason | None] = mapped_column(text_enum(EndReason))
