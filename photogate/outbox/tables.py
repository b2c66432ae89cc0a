"""Where clients want to be told, and what is still to be sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, func
from sqlalchemy.orm import Mapped, mapped_column

from photogate.database import Base, new_id


class WebhookEndpoint(Base):
    """One address of a client's; the secret signs what is sent there, sealed under a master key until it is removed."""

    __tablename__ = "webhook_endpoints"
    __table_args__ = (
        CheckConstraint(
            "(ended_at IS NULL) = (sealed_secret IS NOT NULL) AND (sealed_secret IS NULL) = (master_key_id IS NULL)",
            name="sealed_while_in_use",
        ),
        Index("uq_webhook_endpoints_live", "client", "url", unique=True, postgresql_where="ended_at IS NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    client: Mapped[str]
    url: Mapped[str]
    sealed_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    master_key_id: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ended_at: Mapped[datetime | None]


class Message(Base):
    """One message to one endpoint and the job of sending it: `due_at` is null once it arrived or was given up.

    `attempts` rises with every claim and fences it: an outcome is written only for the latest one.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("(due_at IS NULL) = (num_nonnulls(delivered_at, given_up_at) = 1)", name="due_until_settled"),
        Index("ix_outbox_due_at", "due_at", postgresql_where="due_at IS NOT NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    endpoint_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_endpoints.id"), index=True)
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    due_at: Mapped[datetime | None] = mapped_column(server_default=func.now())
    attempts: Mapped[int] = mapped_column(server_default="0")
    delivered_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    last_failure: Mapped[str | None]
