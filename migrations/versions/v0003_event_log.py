"""The order of the events, the Merkle tree over them, and its signed checkpoints."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

HISTORY = ["log_entries", "log_nodes", "checkpoints", "cosignatures"]

LOG_TXID = """
CREATE FUNCTION log_txid(xid8) RETURNS bigint LANGUAGE sql STABLE
AS 'SELECT ($1::text)::bigint + 0'
"""
"""A function, so that a database restored elsewhere, whose counter begins low again, can be told to count on."""


def upgrade() -> None:
    op.execute(LOG_TXID)
    _order_events()
    _create_log()
    _create_checkpoints()
    op.execute(f"GRANT SELECT, INSERT ON {', '.join(HISTORY)} TO photogate_app")


def downgrade() -> None:
    for table in reversed(HISTORY):
        op.drop_table(table)
    op.drop_index("ix_events_txid_id", "events")
    op.drop_column("events", "txid")
    op.execute("DROP FUNCTION log_txid")


def _order_events() -> None:
    """Events from before this migration all get its own transaction, and so come first, by id."""
    op.add_column(
        "events",
        sa.Column("txid", sa.BigInteger(), server_default=sa.text("log_txid(pg_current_xact_id())"), nullable=False),
    )
    op.create_index("ix_events_txid_id", "events", ["txid", "id"])


def _create_log() -> None:
    op.create_table(
        "log_entries",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("txid", sa.BigInteger(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_log_entries"),
        sa.UniqueConstraint("event_id", name="uq_log_entries_event_id"),
    )
    op.create_table(
        "log_nodes",
        sa.Column("height", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("index", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("height", "index", name="pk_log_nodes"),
    )


def _create_checkpoints() -> None:
    op.create_table(
        "checkpoints",
        sa.Column("size", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("size", name="pk_checkpoints"),
    )
    op.create_table(
        "cosignatures",
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("witness", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["size"], ["checkpoints.size"], name="fk_cosignatures_size"),
        sa.PrimaryKeyConstraint("size", "witness", name="pk_cosignatures"),
    )
