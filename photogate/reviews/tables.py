"""The open cases."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from photogate.access.tables import User
from photogate.applications.tables import Application, DecisionRecord, Photo
from photogate.database import Base, new_id


class ReviewTask(Base):
    """One case that a person must decide; claimed by one reviewer at a time, for as long as the lease lasts."""

    __tablename__ = "review_tasks"
    __table_args__ = (
        CheckConstraint("(claimed_by IS NULL) = (lease_until IS NULL)", name="claims_have_a_lease"),
        Index("ix_review_tasks_open", "opened_at", postgresql_where="closed_at IS NULL"),
        Index("uq_review_tasks_open_application", "application_id", unique=True, postgresql_where="closed_at IS NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.id"), unique=True)
    opened_at: Mapped[datetime] = mapped_column(server_default=func.now())
    claimed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    lease_until: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    application: Mapped[Application] = relationship(lazy="raise")
    photo: Mapped[Photo] = relationship(lazy="raise")
    decision: Mapped[DecisionRecord] = relationship(lazy="raise")
    reviewer: Mapped[User | None] = relationship(lazy="raise")
