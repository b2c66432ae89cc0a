"""Applications, their photos (each photo's row is also its job), and what was measured and decided."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, Uuid, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from photogate.applicants.tables import Applicant
from photogate.database import Base, new_id, pg_enum
from photogate.screening.verdicts import ApplicationStatus, Verdict


class Stage(StrEnum):
    """How far a photo has come; the first two name the queues that work on it."""

    PREPARE = "prepare"
    CLASSIFY = "classify"
    DECIDED = "decided"


class ActorKind(StrEnum):
    """Whether a policy or a person decided."""

    POLICY = "policy"
    PERSON = "person"


_OPEN = (
    "status IN ('received', 'processing', 'in_review', 'pending_second_review', 'resubmission_requested')"
    " OR (status = 'approved' AND issued_at IS NULL)"
)


class Application(Base):
    """One applicant's request for a card, as one client's system knows it.

    `issued_at` is when a card was printed with a photo of it; only then is an approval the end.
    """

    __tablename__ = "applications"
    __table_args__ = (
        Index("ix_applications_client_status_id", "client", "status", "id"),
        Index("ix_applications_open", "status", postgresql_where=_OPEN),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    client: Mapped[str]
    applicant_id: Mapped[UUID] = mapped_column(ForeignKey("applicants.id"), index=True)
    status: Mapped[ApplicationStatus] = mapped_column(pg_enum(ApplicationStatus))
    current_decision_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("decisions.id", use_alter=True, name="fk_applications_current_decision_id")
    )
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())
    issued_at: Mapped[datetime | None]

    applicant: Mapped[Applicant] = relationship(lazy="raise")
    photos: Mapped[list["Photo"]] = relationship(order_by="Photo.attempt", lazy="raise")
    current_decision: Mapped["DecisionRecord | None"] = relationship(
        foreign_keys=[current_decision_id], lazy="raise", post_update=True
    )


class Photo(Base):
    """One submitted file and the job that decides it.

    `due_at` is when the relay speaks up for the job, `fencing_token` rises with every claim, and nothing is written for
    a claim whose token has been overtaken. `sealed_key` is the key of the photo's objects, sealed with the applicant's.
    """

    __tablename__ = "photos"
    __table_args__ = (
        UniqueConstraint("application_id", "attempt"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_is_hex"),
        CheckConstraint("(stage = 'decided') = (due_at IS NULL)", name="due_until_decided"),
        CheckConstraint("stage = 'decided' OR original_key IS NOT NULL", name="original_until_decided"),
        CheckConstraint("attempts >= 0 AND size_bytes > 0 AND width > 0 AND height > 0", name="counts_are_positive"),
        Index("ix_photos_due_at", "due_at", postgresql_where="due_at IS NOT NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    attempt: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary)
    original_key: Mapped[str | None]
    crop_key: Mapped[str | None]
    review_key: Mapped[str | None]
    prepared: Mapped[dict[str, Any] | None]
    stage: Mapped[Stage] = mapped_column(pg_enum(Stage))
    due_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    fencing_token: Mapped[int] = mapped_column(BigInteger, server_default="0")
    attempts: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Assessment(Base):
    """What the models measured on one photo; never changed."""

    __tablename__ = "assessments"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"), index=True)
    measurements: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class DecisionRecord(Base):
    """One decision by a policy or a person; never changed, only superseded by the next.

    The unique `supersedes_id` keeps the chain of an application from forking: of two decisions made at once on the same
    ground, the database refuses the second.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint("(actor_kind = 'person') = (user_id IS NOT NULL)", name="person_is_named"),
        Index("uq_decisions_first", "application_id", unique=True, postgresql_where="supersedes_id IS NULL"),
        Index("uq_decisions_by_policy", "photo_id", unique=True, postgresql_where="actor_kind = 'policy'"),
        Index("ix_decisions_application_id_id", "application_id", "id"),
        Index("ix_decisions_created_at_id", "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"))
    assessment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assessments.id"))
    supersedes_id: Mapped[UUID | None] = mapped_column(ForeignKey("decisions.id"), unique=True)
    verdict: Mapped[Verdict] = mapped_column(pg_enum(Verdict))
    reasons: Mapped[list[Any]]
    policy: Mapped[str]
    models: Mapped[dict[str, Any]]
    actor_kind: Mapped[ActorKind] = mapped_column(pg_enum(ActorKind))
    user_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("users.id"))
    sealed_note: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())

    photo: Mapped[Photo] = relationship(lazy="raise")
    assessment: Mapped[Assessment | None] = relationship(lazy="raise")


class Policy(Base):
    """One version of an issuer's profile as it was when it first decided; never changed.

    `sha256` is that of `body` in canonical JSON (RFC 8785).
    """

    __tablename__ = "policies"
    __table_args__ = (CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256_is_hex"),)

    reference: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class IdempotencyKey(Base):
    """The first answer to a request that may come again (kept 24 hours); `status` is null while it runs."""

    __tablename__ = "idempotency_keys"

    client: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any] | None]
    body: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), index=True)
