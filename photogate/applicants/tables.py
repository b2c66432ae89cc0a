"""Applicants, each with the key that everything about them is sealed with."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column

from photogate.database import Base, new_id


class Applicant(Base):
    """One person as one client's system knows them; once erased, nothing but an id and a date.

    `reference_digest` finds them, `wrapped_key` opens what is held about them; both are gone after erasure.
    `sealed_attributes` is what their client says of them so that groups can be compared, if it says anything.
    """

    __tablename__ = "applicants"
    __table_args__ = (
        CheckConstraint(
            "(erased_at IS NULL AND num_nulls(reference_digest, sealed_reference, wrapped_key, master_key_id) = 0)"
            " OR (erased_at IS NOT NULL"
            " AND num_nonnulls(reference_digest, sealed_reference, wrapped_key, master_key_id, held_at,"
            " sealed_attributes) = 0)",
            name="whole_or_erased",
        ),
        CheckConstraint("num_nulls(held_at, held_by, sealed_hold_reason) IN (0, 3)", name="holds_are_whole"),
        Index("uq_applicants_reference_digest_client", "reference_digest", "client", unique=True),
        Index("ix_applicants_master_key_id", "master_key_id"),
        Index("ix_applicants_held_at", "held_at", postgresql_where="held_at IS NOT NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    client: Mapped[str]
    reference_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_reference: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_attributes: Mapped[bytes | None] = mapped_column(LargeBinary)
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    master_key_id: Mapped[str | None]
    held_at: Mapped[datetime | None]
    held_by: Mapped[str | None]
    sealed_hold_reason: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    erased_at: Mapped[datetime | None]
