"""The relay's counting of days that are over, for the auditors' statistics."""

from photogate.database import Database
from photogate.searches import tallies
from worker.turns import Turn

LOOK_AGAIN_S = 30.0
MOST_A_TURN = 60
"""After an update, the years before are counted in some minutes, and the relay can stop at any time."""


class Tallying:
    """Counts a few days a turn; two relays that count the same day get the same counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def turn(self) -> int:
        """Count days that are over, each in a transaction of its own; returns how many."""
        with self._database.transaction() as session:
            days = tallies.uncounted(session, most=MOST_A_TURN)
        for day in days:
            with self._database.transaction() as session:
                tallies.count(session, day)
        return len(days)


def tallying(database: Database) -> Turn:
    """What counts days, beside the relay."""
    return Turn(Tallying(database).turn, LOOK_AGAIN_S)
