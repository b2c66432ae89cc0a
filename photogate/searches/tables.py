"""The index that auditors search by, and the searches that they keep."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from photogate.database import Base, new_id


class DecisionTerm(Base):
    """One word that a decision can be found by, such as `outcome:approved` or `model:student@2.0.0`.

    A trigger of the database writes it with the decision. The primary key holds the decisions of a term in the order of
    time, so that a page costs the same wherever it lies.
    """

    __tablename__ = "decision_terms"

    term: Mapped[str] = mapped_column(String(collation="C"), primary_key=True)
    decided_at: Mapped[datetime] = mapped_column(primary_key=True)
    decision_id: Mapped[UUID] = mapped_column(primary_key=True)


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
