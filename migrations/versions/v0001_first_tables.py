"""The first tables, and what the application may do with each."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


TABLES = [
    "api_keys",
    "applications",
    "events",
    "idempotency_keys",
    "users",
    "photos",
    "sign_in_links",
    "user_sessions",
    "assessments",
    "decisions",
    "print_releases",
    "review_tasks",
]
ENUMS = ["application_status", "event_kind", "role", "stage", "verdict", "actor_kind", "release_state"]
HISTORY = ["assessments", "decisions", "events"]
"""The application may add to these and read them, and nothing else."""

RIGHTS = {
    "SELECT, INSERT": TABLES,
    "UPDATE": [table for table in TABLES if table not in HISTORY],
    "DELETE": ["idempotency_keys"],
}


def upgrade() -> None:
    _create_api_keys()
    _create_applications()
    _create_events()
    _create_idempotency_keys()
    _create_users()
    _create_photos()
    _create_sign_in_links()
    _create_user_sessions()
    _create_assessments()
    _create_decisions()
    _create_print_releases()
    _create_review_tasks()
    op.create_foreign_key(
        "fk_applications_current_decision_id", "applications", "decisions", ["current_decision_id"], ["id"]
    )
    for rights, tables in RIGHTS.items():
        op.execute(f"GRANT {rights} ON {', '.join(tables)} TO photogate_app")


def downgrade() -> None:
    op.drop_constraint("fk_applications_current_decision_id", "applications")
    for table in reversed(TABLES):
        op.drop_table(table)
    for enum in ENUMS:
        op.execute(f"DROP TYPE {enum}")


def _create_api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("prefix", sa.String(), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.String()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_api_keys"),
        sa.UniqueConstraint("prefix", name="uq_api_keys_prefix"),
    )


def _create_applications() -> None:
    op.create_table(
        "applications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "received",
                "processing",
                "in_review",
                "pending_second_review",
                "approved",
                "rejected",
                "resubmission_requested",
                "expired",
                "withdrawn",
                "erased",
                name="application_status",
            ),
            nullable=False,
        ),
        sa.Column("current_decision_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_applications"),
    )
    op.create_index("ix_applications_client_status_id", "applications", ["client", "status", "id"], unique=False)


def _create_events() -> None:
    op.create_table(
        "events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
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
                name="event_kind",
            ),
            nullable=False,
        ),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=True),
        sa.Column("details", postgresql.JSONB(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
    )
    op.create_index("ix_events_application_id", "events", ["application_id"], unique=False)


def _create_idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("request_sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", postgresql.JSONB(), nullable=True),
        sa.Column("body", postgresql.JSONB(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("client", "key", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"], unique=False)


def _create_users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.Enum("reviewer", "auditor", "admin", name="role"), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("failed_sign_ins", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
    )


def _create_photos() -> None:
    op.create_table(
        "photos",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("original_key", sa.String(), nullable=False),
        sa.Column("crop_key", sa.String(), nullable=True),
        sa.Column("review_key", sa.String(), nullable=True),
        sa.Column("prepared", postgresql.JSONB(), nullable=True),
        sa.Column("stage", sa.Enum("prepare", "classify", "decided", name="stage"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fencing_token", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("(stage = 'decided') = (due_at IS NULL)", name="ck_photos_due_until_decided"),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="ck_photos_sha256_is_hex"),
        sa.CheckConstraint(
            "attempts >= 0 AND size_bytes > 0 AND width > 0 AND height > 0", name="ck_photos_counts_are_positive"
        ),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name="fk_photos_application_id"),
        sa.PrimaryKeyConstraint("id", name="pk_photos"),
        sa.UniqueConstraint("application_id", "attempt", name="uq_photos_application_id_attempt"),
    )
    op.create_index("ix_photos_due_at", "photos", ["due_at"], unique=False, postgresql_where="due_at IS NOT NULL")
    op.create_index("ix_photos_sha256", "photos", ["sha256"], unique=False)


def _create_sign_in_links() -> None:
    op.create_table(
        "sign_in_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sign_in_links_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_links"),
        sa.UniqueConstraint("token_sha256", name="uq_sign_in_links_token_sha256"),
    )


def _create_user_sessions() -> None:
    op.create_table(
        "user_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("csrf_token", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_user_sessions_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_user_sessions"),
        sa.UniqueConstraint("token_sha256", name="uq_user_sessions_token_sha256"),
    )
    op.create_index("ix_user_sessions_user_id", "user_sessions", ["user_id"], unique=False)


def _create_assessments() -> None:
    op.create_table(
        "assessments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("measurements", postgresql.JSONB(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name="fk_assessments_photo_id"),
        sa.PrimaryKeyConstraint("id", name="pk_assessments"),
    )
    op.create_index("ix_assessments_photo_id", "assessments", ["photo_id"], unique=False)


def _create_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=True),
        sa.Column("supersedes_id", sa.Uuid(), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum("approved", "in_review", "resubmission_requested", "rejected", name="verdict"),
            nullable=False,
        ),
        sa.Column("reasons", postgresql.JSONB(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("models", postgresql.JSONB(), nullable=False),
        sa.Column("actor_kind", sa.Enum("policy", "person", name="actor_kind"), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("(actor_kind = 'person') = (user_id IS NOT NULL)", name="ck_decisions_person_is_named"),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name="fk_decisions_application_id"),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessments.id"], name="fk_decisions_assessment_id"),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name="fk_decisions_photo_id"),
        sa.ForeignKeyConstraint(["supersedes_id"], ["decisions.id"], name="fk_decisions_supersedes_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_decisions_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sa.UniqueConstraint("supersedes_id", name="uq_decisions_supersedes_id"),
    )
    op.create_index("ix_decisions_application_id_id", "decisions", ["application_id", "id"], unique=False)
    op.create_index(
        "uq_decisions_by_policy", "decisions", ["photo_id"], unique=True, postgresql_where="actor_kind = 'policy'"
    )
    op.create_index(
        "uq_decisions_first", "decisions", ["application_id"], unique=True, postgresql_where="supersedes_id IS NULL"
    )


def _create_print_releases() -> None:
    op.create_table(
        "print_releases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("photo_sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.Enum("released", "issued", "cancelled", "failed", name="release_state"), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name="fk_print_releases_application_id"),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name="fk_print_releases_decision_id"),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name="fk_print_releases_photo_id"),
        sa.PrimaryKeyConstraint("id", name="pk_print_releases"),
    )
    op.create_index(
        "uq_print_releases_alive",
        "print_releases",
        ["application_id"],
        unique=True,
        postgresql_where="state IN ('released', 'issued')",
    )


def _create_review_tasks() -> None:
    op.create_table(
        "review_tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(claimed_by IS NULL) = (lease_until IS NULL)", name="ck_review_tasks_claims_have_a_lease"),
        sa.ForeignKeyConstraint(["application_id"], ["applications.id"], name="fk_review_tasks_application_id"),
        sa.ForeignKeyConstraint(["claimed_by"], ["users.id"], name="fk_review_tasks_claimed_by"),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name="fk_review_tasks_decision_id"),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name="fk_review_tasks_photo_id"),
        sa.PrimaryKeyConstraint("id", name="pk_review_tasks"),
        sa.UniqueConstraint("decision_id", name="uq_review_tasks_decision_id"),
    )
    op.create_index(
        "ix_review_tasks_open", "review_tasks", ["opened_at"], unique=False, postgresql_where="closed_at IS NULL"
    )
    op.create_index(
        "uq_review_tasks_open_application",
        "review_tasks",
        ["application_id"],
        unique=True,
        postgresql_where="closed_at IS NULL",
    )
