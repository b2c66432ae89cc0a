"""Kinds of events become text: one that is no longer used stays readable, and a new one needs no new type."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FIRST_KINDS = [
    "application_submitted",
    "photo_resubmitted",
    "photo_assessed",
    "decision_made",
    "review_claimed",
    "review_returned",
    "print_released",
    "print_issued",
    "print_cancelled",
    "print_failed",
    "signed_in",
    "signed_out",
    "api_key_created",
    "api_key_revoked",
    "user_created",
]


def upgrade() -> None:
    op.alter_column("events", "kind", type_=sa.String(length=40), postgresql_using="kind::text")
    op.execute("DROP TYPE event_kind")


def downgrade() -> None:
    kind = sa.Enum(*FIRST_KINDS, name="event_kind")
    kind.create(op.get_bind())
    op.alter_column("events", "kind", type_=kind, postgresql_using="kind::event_kind")
