"""The live policy for programs that decide nothing: intake, pages, retention."""

import time

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from photogate.applications import policies
from photogate.applications.policies import PolicyUnreadable
from photogate.applications.profiles import load_profile
from photogate.database import Database
from photogate.promotions import queries
from photogate.screening.profile import IssuerProfile

log = structlog.get_logger()

LOOK_AGAIN_S = 5.0


def live_profile(session: Session, named: str) -> IssuerProfile:
    """The policy that is live; where nobody has promoted anything, the shipped one that the settings name.

    Raises PolicyUnreadable, ProfileError.
    """
    there = queries.in_force(session)
    return policies.recorded(session, there.rules.policy) if there else load_profile(named)


class LiveProfile:
    """The same for a program that asks with every request: looked up every few seconds at most."""

    def __init__(self, database: Database, named: str) -> None:
        """`named` is the shipped profile that the settings name; raises ProfileError for one that cannot be used."""
        self._database, self._named = database, named
        self._known, self._known_until = load_profile(named), 0.0

    def now(self) -> IssuerProfile:
        """The live policy, at most five seconds late; while Postgres is away, the one known last."""
        if time.monotonic() >= self._known_until:
            self._look()
        return self._known

    def _look(self) -> None:
        self._known_until = time.monotonic() + LOOK_AGAIN_S
        try:
            with self._database.transaction() as session:
                self._known = live_profile(session, self._named)
        except (OperationalError, PolicyUnreadable) as error:
            log.warning("policy_not_read", error=type(error).__name__)  # whoever asked meets the outage by itself
