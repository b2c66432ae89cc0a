"""Photos whose answer is known."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from photogate.access.tables import User
from photogate.applications.tables import Photo
from photogate.database import Base, new_id, pg_enum
from photogate.screening.verdicts import Verdict


class GoldenCase(Base):
    """A photo, what people should say of it, and how that is known; the newest row about a photo counts.

    `decision_id` is what the machine decided about it.
    """

    __tablename__ = "golden_cases"
    __table_args__ = (
        CheckConstraint("answer <> 'in_review'", name="answer_settles"),
        Index("ix_golden_cases_photo_id_created_at", "photo_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.id"))
    answer: Mapped[Verdict] = mapped_column(pg_enum(Verdict))
    codes: Mapped[list[Any]]
    provenance: Mapped[str]
    added_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    photo: Mapped[Photo] = relationship(lazy="raise")
    person: Mapped[User] = relationship(lazy="raise")
