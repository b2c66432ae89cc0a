"""Simulations that somebody asked for on the page, and what they came to."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, func
from sqlalchemy.orm import Mapped, mapped_column

from photogate.database import Base, new_id


class Simulation(Base):
    """What other rules would have decided; the row is also the job that finds it out.

    `profile` is the whole profile that is tried, `model` whose scores are heard in the place of those of then, `counts`
    a `photogate.simulation.counts.Counts`, `refusal` why there are none. `days_done` tells how far the work is,
    `lease_until` until when whoever does it is believed to be alive.
    """

    __tablename__ = "simulations"
    __table_args__ = (
        CheckConstraint("since <= until", name="ends_after_it_begins"),
        CheckConstraint("(finished_at IS NULL) = (num_nonnulls(counts, refusal) = 0)", name="finished_with_an_answer"),
        CheckConstraint("num_nonnulls(counts, refusal) <= 1", name="one_answer"),
        Index("ix_simulations_asked_at_id", "asked_at", "id"),
        Index("ix_simulations_open", "asked_at", postgresql_where="finished_at IS NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    profile: Mapped[dict[str, Any]]
    model: Mapped[str | None] = mapped_column(ForeignKey("model_records.reference"))
    since: Mapped[date]
    until: Mapped[date]
    days_done: Mapped[int] = mapped_column(server_default="0")
    attempts: Mapped[int] = mapped_column(server_default="0")
    lease_until: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any] | None]
    refusal: Mapped[str | None]
