"""The event log; the application's database role may insert and read, nothing else."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from photogate.database import Base, new_id, text_enum


class EventKind(StrEnum):
    """Everything that leaves a trace."""

    APPLICATION_SUBMITTED = "application_submitted"
    PHOTO_RESUBMITTED = "photo_resubmitted"
    PHOTO_ASSESSED = "photo_assessed"
    DECISION_MADE = "decision_made"
    REVIEW_CLAIMED = "review_claimed"
    REVIEW_RETURNED = "review_returned"
    PRINT_HELD = "print_held"
    PRINT_RELEASED = "print_released"
    PRINT_ISSUED = "print_issued"
    PRINT_CANCELLED = "print_cancelled"
    PRINT_FAILED = "print_failed"
    PRINT_WITHDRAWN = "print_withdrawn"
    PRINT_EXPIRED = "print_expired"
    PRINT_KEY_FIRST_USED = "print_key_first_used"
    WEBHOOK_ADDED = "webhook_added"
    WEBHOOK_REMOVED = "webhook_removed"
    WEBHOOK_GIVEN_UP = "webhook_given_up"
    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    API_KEY_CREATED = "api_key_created"
    API_KEY_REVOKED = "api_key_revoked"
    USER_CREATED = "user_created"
    POLICY_ADOPTED = "policy_adopted"
    DECISION_REPLAYED = "decision_replayed"
    CASE_VIEWED = "case_viewed"
    PICTURE_VIEWED = "picture_viewed"
    AUDIT_QUERIED = "audit_queried"
    DECISIONS_EXPORTED = "decisions_exported"


class Event(Base):
    """One thing that happened: who did what to which application, with what else matters."""

    __tablename__ = "events"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[EventKind] = mapped_column(text_enum(EventKind))
    actor: Mapped[str]
    application_id: Mapped[UUID | None] = mapped_column(index=True)
    details: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
