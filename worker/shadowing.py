"""The relay's asking for judgements beside, for as long as there is a shadow with something to judge."""

from photogate.database import Database
from photogate.jobs.names import Queue
from photogate.jobs.publisher import Publisher
from photogate.promotions import queries, shadows
from photogate.promotions.tables import Slot
from worker.turns import Turn

LOOK_AGAIN_S = 2.0


class Shadowing:
    """Asks a worker when something waits; two relays that ask at once have it judged once."""

    def __init__(self, database: Database, publisher: Publisher) -> None:
        self._database, self._publisher = database, publisher

    def turn(self) -> None:
        """One message at most lies in the queue."""
        with self._database.transaction() as session:
            beside = queries.in_force(session, Slot.SHADOW)
            waits = beside is not None and bool(shadows.due(session, beside, 1))
        if waits and not self._publisher.waiting_in(Queue.BESIDE):
            self._publisher.ask_beside()


def shadowing(database: Database, publisher: Publisher) -> Turn:
    """What keeps the shadow going, beside the relay."""
    return Turn(Shadowing(database, publisher).turn, LOOK_AGAIN_S)
