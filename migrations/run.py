"""Moving a database's schema up and down."""

from pathlib import Path

from alembic import command
from alembic.config import Config


def upgrade(owner_database_url: str, revision: str = "head") -> None:
    """Bring the schema to `revision`; the URL is the owner's role, which the programs never use."""
    command.upgrade(_config(owner_database_url), revision)


def downgrade(owner_database_url: str, revision: str) -> None:
    """Take the schema back to `revision` (`base` is the empty database)."""
    command.downgrade(_config(owner_database_url), revision)


def _config(url: str) -> Config:
    config = Config(attributes={"url": url})
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
