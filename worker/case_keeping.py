"""The keeper of open cases, beside the relay: nobody waits for somebody who will never come."""

from collections import Counter
from collections.abc import Sequence
from itertools import takewhile
from uuid import UUID

import structlog
from psycopg2.errors import LockNotAvailable
from sqlalchemy.exc import OperationalError

from photogate.actors import service
from photogate.actors.breakages import Breakage, broken
from photogate.database import Database
from worker.turns import Turn

log = structlog.get_logger()

LOOK_AGAIN_S = 60.0
MOST_A_TURN = 1_000
AT_ONCE = 25
"""New events wait for every transaction that is under way before they are logged, so each is a short one."""

MOST_FAULTS_OF_ONE = 4
"""A repair may bring to light what it had covered: a status, then a case that is missing."""


class CaseKeeping:
    """Repairs or reports what is broken, and ends what has run out; any number may run."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def turn(self) -> int:
        """Look at every open case once; returns how many were repaired."""
        repaired = sum(takewhile(bool, (self._mend_all() for _ in range(MOST_FAULTS_OF_ONE))))
        late = self._run_out()
        if expired := sum(self._expire(late[first : first + AT_ONCE]) for first in range(0, len(late), AT_ONCE)):
            log.info("expired", applications=expired)
        return repaired

    def _run_out(self) -> Sequence[UUID]:
        with self._database.transaction() as session:
            return service.run_out(session, most=MOST_A_TURN)

    def _expire(self, applications: Sequence[UUID]) -> int:
        with self._database.transaction() as session:
            return len(service.expire(session, applications))

    def _mend_all(self) -> int:
        with self._database.transaction() as session:
            found = broken(session, most=MOST_A_TURN)
        repaired = sum(map(self._mend, found))
        if found:
            kinds = Counter(breakage.rule.value for breakage in found)
            log.warning("cases_broken", repaired=repaired, **kinds)
        return repaired

    def _mend(self, breakage: Breakage) -> bool:
        """In a transaction of its own, so that what cannot be mended keeps nothing else from it."""
        try:
            with self._database.transaction() as session:
                return service.mend(session, breakage)
        except OperationalError as error:
            if not isinstance(error.orig, LockNotAvailable):
                raise
            return False  # somebody works on it: the next turn sees what came of that


def case_keeping(database: Database) -> Turn:
    """What keeps the cases going, beside the relay."""
    return Turn(CaseKeeping(database).turn, LOOK_AGAIN_S)
