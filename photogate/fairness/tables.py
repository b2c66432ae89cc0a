"""What models measured on labelled photos, so that groups can be compared of which applicants say nothing."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from photogate.database import Base, new_id


class LabelledMeasurement(Base):
    """What a model, with or without one for generated pictures, measured on labelled photos; never changed.

    `name` is what people call the photos, `sha256` covers their content and their labels. Each of `photos` holds its
    own `sha256`, what it `shows`, its `groups`, and what was `found`; no picture is kept.
    """

    __tablename__ = "labelled_measurements"
    __table_args__ = (
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_is_hex"),
        Index("ix_labelled_measurements_model_created_at", "model", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    model: Mapped[str] = mapped_column(ForeignKey("model_records.reference"))
    camera: Mapped[str | None] = mapped_column(ForeignKey("model_records.reference"))
    photos: Mapped[list[Any]]
    measured_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
