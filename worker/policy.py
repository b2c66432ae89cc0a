"""A program that decides says at its start under which policy, and refuses one that was changed behind its version."""

import structlog
from sqlalchemy.exc import OperationalError

from photogate.applications import policies
from photogate.applications.profiles import load_profile
from photogate.database import Database
from photogate.settings import Settings

log = structlog.get_logger()


def require_policy(settings: Settings) -> None:
    """Put the policy on record; raises PolicyChanged.

    While Postgres is away nobody can tell, and the first decision asks again.
    """
    database = Database(settings.database_url)  # of its own: none may be open when the worker's pool forks
    try:
        with database.transaction() as session:
            policies.record(session, load_profile(settings.issuer_profile))
    except OperationalError as error:
        log.warning("policy_not_compared", error=type(error).__name__)
    finally:
        database.close()
