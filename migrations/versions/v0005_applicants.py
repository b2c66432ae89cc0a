"""Who applies, the key that their data is sealed with, holds and erasures."""

import sqlalchemy as sa
from alembic import op

from photogate.errors import Conflict

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _refuse_open_data()
    _create_applicants()
    op.drop_column("applications", "reference")
    op.add_column("applications", sa.Column("applicant_id", sa.Uuid(), nullable=False))
    op.create_foreign_key("fk_applications_applicant_id", "applications", "applicants", ["applicant_id"], ["id"])
    op.create_index("ix_applications_applicant_id", "applications", ["applicant_id"])
    op.add_column("photos", sa.Column("sealed_key", sa.LargeBinary(), nullable=False))
    op.alter_column("photos", "original_key", nullable=True)
    op.create_check_constraint(
        op.f("ck_photos_original_until_decided"), "photos", "stage = 'decided' OR original_key IS NOT NULL"
    )
    op.drop_column("decisions", "note")
    op.add_column("decisions", sa.Column("sealed_note", sa.LargeBinary(), nullable=True))
    op.execute("GRANT SELECT, INSERT, UPDATE ON applicants TO photogate_app")


def downgrade() -> None:
    _refuse_open_data()
    op.drop_column("decisions", "sealed_note")
    op.add_column("decisions", sa.Column("note", sa.String(), nullable=True))
    op.drop_constraint(op.f("ck_photos_original_until_decided"), "photos")
    op.alter_column("photos", "original_key", nullable=False)
    op.drop_column("photos", "sealed_key")
    op.drop_column("applications", "applicant_id")
    op.add_column("applications", sa.Column("reference", sa.String(), nullable=False))
    op.drop_table("applicants")


def _refuse_open_data() -> None:
    """No release kept applicants' data in the clear; a database of a development version has nothing to carry over."""
    if op.get_bind().execute(sa.text("SELECT EXISTS (SELECT FROM applications)")).scalar_one():
        raise Conflict(
            "This database holds applications of a development version, which kept them in the clear; "
            "begin with an empty database and an empty bucket."
        )


def _create_applicants() -> None:
    op.create_table(
        "applicants",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client", sa.String(), nullable=False),
        sa.Column("reference_digest", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_reference", sa.LargeBinary(), nullable=True),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("master_key_id", sa.String(), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_by", sa.String(), nullable=True),
        sa.Column("sealed_hold_reason", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(erased_at IS NULL AND num_nulls(reference_digest, sealed_reference, wrapped_key, master_key_id) = 0)"
            " OR (erased_at IS NOT NULL"
            " AND num_nonnulls(reference_digest, sealed_reference, wrapped_key, master_key_id, held_at) = 0)",
            name="ck_applicants_whole_or_erased",
        ),
        sa.CheckConstraint(
            "num_nulls(held_at, held_by, sealed_hold_reason) IN (0, 3)", name="ck_applicants_holds_are_whole"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_applicants"),
    )
    op.create_index("uq_applicants_reference_digest_client", "applicants", ["reference_digest", "client"], unique=True)
    op.create_index("ix_applicants_master_key_id", "applicants", ["master_key_id"])
