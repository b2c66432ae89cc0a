"""Print releases and their states."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from photogate.database import Base, new_id, pg_enum


class ReleaseState(StrEnum):
    """`held` is the state before any release exists."""

    RELEASED = "released"
    ISSUED = "issued"
    CANCELLED = "cancelled"
    FAILED = "failed"


class PrintRelease(Base):
    """One signed permission to print; at most one of an application is alive, and the database holds that."""

    __tablename__ = "print_releases"
    __table_args__ = (
        Index(
            "uq_print_releases_alive",
            "application_id",
            unique=True,
            postgresql_where="state IN ('released', 'issued')",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.id"))
    photo_sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[ReleaseState] = mapped_column(pg_enum(ReleaseState))
    token: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
