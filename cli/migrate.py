"""`photogate migrate`: the database's schema."""

from photogate.settings import get_settings


def migrate() -> None:
    """Bring the database to this version's schema; nothing happens when it has it."""
    from migrations.run import upgrade

    upgrade(get_settings().owner_database_url)
