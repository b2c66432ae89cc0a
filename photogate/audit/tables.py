"""The event log; the application's database role may insert and read, nothing else."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, SmallInteger, func, text
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
    VERDICT_GIVEN = "verdict_given"
    VERDICTS_VOIDED = "verdicts_voided"
    GOLDEN_ADDED = "golden_added"
    GOLDEN_JUDGED = "golden_judged"
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
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_LINK_MADE = "sign_in_link_made"
    API_KEY_CREATED = "api_key_created"
    API_KEY_REVOKED = "api_key_revoked"
    USER_CREATED = "user_created"
    ROLE_CHANGED = "role_changed"
    USER_DISABLED = "user_disabled"
    MODELS_SERVED = "models_served"
    MODEL_PROMOTED = "model_promoted"
    CHECKPOINT_KEY_CHANGED = "checkpoint_key_changed"
    PROOF_ASKED = "proof_asked"
    LOG_EXPORTED = "log_exported"
    POLICY_ADOPTED = "policy_adopted"
    DECISION_REPLAYED = "decision_replayed"
    CASE_VIEWED = "case_viewed"
    PICTURE_VIEWED = "picture_viewed"
    AUDIT_QUERIED = "audit_queried"
    DECISIONS_EXPORTED = "decisions_exported"
    APPLICANT_ERASED = "applicant_erased"
    APPLICANT_EXPORTED = "applicant_exported"
    LEGAL_HOLD_PLACED = "legal_hold_placed"
    LEGAL_HOLD_RELEASED = "legal_hold_released"
    PICTURES_REMOVED = "pictures_removed"
    MASTER_KEY_ROTATED = "master_key_rotated"
    MASTER_KEYS_DESTROYED = "master_keys_destroyed"
    MANDATE_BEGUN = "mandate_begun"
    MANDATE_JUDGED = "mandate_judged"
    MANDATE_SUSPENDED = "mandate_suspended"
    MANDATE_RESUMED = "mandate_resumed"
    SIMULATION_ASKED = "simulation_asked"
    PHOTOS_MEASURED = "photos_measured"
    KNOWN_PICTURE_ADDED = "known_picture_added"
    KNOWN_PICTURE_REMOVED = "known_picture_removed"
    MODEL_RECORDED = "model_recorded"
    RULES_PROPOSED = "rules_proposed"
    RULES_PROMOTED = "rules_promoted"
    RULES_WITHDRAWN = "rules_withdrawn"
    CASE_REPAIRED = "case_repaired"
    CASE_REPORTED = "case_reported"
    APPLICATION_EXPIRED = "application_expired"


class Event(Base):
    """One thing that happened: who did what to which application, with what else matters."""

    __tablename__ = "events"
    __table_args__ = (Index(None, "txid", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[EventKind] = mapped_column(text_enum(EventKind))
    actor: Mapped[str]
    application_id: Mapped[UUID | None] = mapped_column(index=True)
    details: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    txid: Mapped[int] = mapped_column(BigInteger, server_default=text("log_txid(pg_current_xact_id())"))
    """The transaction that wrote it; the sequencer's order, and no part of what is signed."""


class LogEntry(Base):
    """An event's place in the log: leaf number `sequence`, from 0 on and without a gap."""

    __tablename__ = "log_entries"

    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[UUID] = mapped_column(unique=True)
    txid: Mapped[int] = mapped_column(BigInteger)
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary)


class LogNode(Base):
    """A finished subtree of the log; only those of height 8, 16, 24 … are kept, the others are quick to compute."""

    __tablename__ = "log_nodes"

    height: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    index: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class Checkpoint(Base):
    """A signed statement of the log's size and root."""

    __tablename__ = "checkpoints"

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    note: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class Cosignature(Base):
    """A witness's signature under a checkpoint, as a line of its note."""

    __tablename__ = "cosignatures"

    size: Mapped[int] = mapped_column(ForeignKey("checkpoints.size"), primary_key=True)
    witness: Mapped[str] = mapped_column(primary_key=True)
    line: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
