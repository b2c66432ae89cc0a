"""What pictures are known again by, and the bank of known placeholders."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

FINGERPRINT_CHECKS = {
    "anchors_are_indexed": "same_as IS NULL OR num_nonnulls(bands, cluster_id) = 0",
    "embeddings_name_their_model": "(signs IS NULL) = (embedder IS NULL)",
    "erased_wholly": "perceptual IS NOT NULL OR num_nonnulls(signs, bands) = 0",
}
KNOWN_CHECKS = {
    "cases_name_their_photo": "(source = 'case') = (photo_id IS NOT NULL)",
    "files_name_their_digest": "(source = 'file') = (file_sha256 IS NOT NULL)",
    "removals_are_whole": "num_nulls(removed_at, removed_by, removed_because) IN (0, 3)",
    "emptied_when_removed": (
        "num_nulls(removed_at, perceptual, bands, picture) IN (1, 3) AND"
        " (removed_at IS NULL) = (perceptual IS NOT NULL)"
    ),
    "sha256_is_hex": "file_sha256 ~ '^[0-9a-f]{64}$'",
}
CHANGES = {
    # Erasure empties a fingerprint, and another picture of its kind takes its place; a person's refusal marks it.
    "picture_fingerprints": "perceptual, signs, embedder, bands, same_as, cluster_id, refused_at",
    "known_pictures": "perceptual, bands, picture, removed_at, removed_by, removed_because",
}


def upgrade() -> None:
    _create_fingerprints()
    _create_known_pictures()
    for table, columns in CHANGES.items():
        op.execute(f"GRANT SELECT, INSERT, UPDATE ({columns}) ON {table} TO photogate_app")


def downgrade() -> None:
    op.drop_table("known_pictures")
    op.drop_table("picture_fingerprints")


def _create_fingerprints() -> None:
    table = "picture_fingerprints"
    op.create_table(
        table,
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("applicant_id", sa.Uuid(), nullable=False),
        sa.Column("perceptual", postgresql.BIT(256), nullable=True),
        sa.Column("signs", postgresql.BIT(128), nullable=True),
        sa.Column("embedder", sa.String(), nullable=True),
        sa.Column("bands", sa.ARRAY(sa.Integer()), nullable=True),
        sa.Column("same_as", sa.Uuid(), nullable=True),
        sa.Column("cluster_id", sa.Uuid(), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        *_checks(table, FINGERPRINT_CHECKS),
        sa.ForeignKeyConstraint(["photo_id"], ["photos.id"], name=f"fk_{table}_photo_id"),
        sa.ForeignKeyConstraint(["same_as"], [f"{table}.photo_id"], name=f"fk_{table}_same_as"),
        sa.ForeignKeyConstraint(["cluster_id"], [f"{table}.photo_id"], name=f"fk_{table}_cluster_id"),
        sa.PrimaryKeyConstraint("photo_id", name=f"pk_{table}"),
    )
    _index_bands(table)
    for name, columns, where in (
        ("same", ["same_as", "applicant_id"], "same_as IS NOT NULL"),
        ("refused", ["same_as"], "refused_at IS NOT NULL"),
        ("cluster", ["cluster_id"], "cluster_id IS NOT NULL"),
    ):
        op.create_index(f"ix_{table}_{name}", table, columns, postgresql_where=where)


def _create_known_pictures() -> None:
    table = "known_pictures"
    op.create_table(
        table,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=True),
        sa.Column("decision_id", sa.Uuid(), nullable=True),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("perceptual", postgresql.BIT(256), nullable=True),
        sa.Column("bands", sa.ARRAY(sa.Integer()), nullable=True),
        sa.Column("picture", sa.LargeBinary(), nullable=True),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.Uuid(), nullable=True),
        sa.Column("removed_because", sa.String(), nullable=True),
        *_checks(table, KNOWN_CHECKS),
        *(
            sa.ForeignKeyConstraint([column], [f"{other}.id"], name=f"fk_{table}_{column}")
            for column, other in (
                ("photo_id", "photos"),
                ("decision_id", "decisions"),
                ("added_by", "users"),
                ("removed_by", "users"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )
    _index_bands(table)
    op.create_index(f"uq_{table}_photo", table, ["photo_id"], unique=True, postgresql_where="removed_at IS NULL")


def _checks(table: str, holds: dict[str, str]) -> list[sa.CheckConstraint]:
    return [sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}")) for name, condition in holds.items()]


def _index_bands(table: str) -> None:
    """Without a list of what waits: a look-up would read all of it."""
    op.create_index(
        f"ix_{table}_bands",
        table,
        ["bands"],
        postgresql_using="gin",
        postgresql_where="bands IS NOT NULL",
        postgresql_with={"fastupdate": "off"},
    )
