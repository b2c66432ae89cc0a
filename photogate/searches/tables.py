"""The index that auditors search by, the counts of days that are over, and the searches that auditors keep."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from photogate.applications.tables import ActorKind
from photogate.database import Base, new_id, pg_enum


class DecisionTerm(Base):
    """One word that a decision can be found by, such as `outcome:approved` or `model:student@2.0.0`.

    A trigger of the database writes it with the decision. The primary key holds the decisions of a term in the order of
    time, so that a page costs the same wherever it lies.
    """

    __tablename__ = "decision_terms"

    term: Mapped[str] = mapped_column(String(collation="C"), primary_key=True)
    decided_at: Mapped[datetime] = mapped_column(primary_key=True)
    decision_id: Mapped[UUID] = mapped_column(primary_key=True)


class TalliedDay(Base):
    """A day, in UTC, that is over and counted; a decision that is added to it later takes its counts away again."""

    __tablename__ = "tallied_days"

    day: Mapped[date] = mapped_column(primary_key=True)


class DecisionTally(Base):
    """How many decisions of a day a word finds; photos are not counted. A function of the database writes it."""

    __tablename__ = "decision_tallies"

    day: Mapped[date] = mapped_column(ForeignKey("tallied_days.day", ondelete="CASCADE"), primary_key=True)
    term: Mapped[str] = mapped_column(String(collation="C"), primary_key=True)
    decisions: Mapped[int]


class DecisionTime(Base):
    """How many decisions of a day came so long after their photo, to three digits. The database writes it.

    A person overrides when they approve what the policy had flagged, or say something else than an earlier decision
    that was no mere referral to people.
    """

    __tablename__ = "decision_times"

    day: Mapped[date] = mapped_column(ForeignKey("tallied_days.day", ondelete="CASCADE"), primary_key=True)
    actor_kind: Mapped[ActorKind] = mapped_column(pg_enum(ActorKind), primary_key=True)
    is_override: Mapped[bool] = mapped_column(primary_key=True)
    taken_ms: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    decisions: Mapped[int]


class SavedSearch(Base):
    """A search that one person keeps under a name; it holds no applicant's reference."""

    __tablename__ = "saved_searches"
    __table_args__ = (Index("ix_saved_searches_user_id", "user_id", postgresql_where="removed_at IS NULL"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str]
    filters: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    removed_at: Mapped[datetime | None]
