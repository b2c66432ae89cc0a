"""The relay's simulations: what other rules would have decided, found out beside everything else."""

import threading
import time

import structlog

from photogate.database import Database
from photogate.errors import PhotogateError
from photogate.screening.errors import ProfileError
from photogate.settings import Settings
from photogate.simulation import asking
from photogate.simulation.asking import LeaseLost
from photogate.simulation.counts import Counts
from photogate.simulation.service import Archive, simulate
from photogate.simulation.tables import Simulation
from worker.turns import Turn

log = structlog.get_logger()

LOOK_AGAIN_S = 1.0
SPEAK_EVERY_S = 0.5
PROCESSES = 1
"""Besides the relay: photos that wait need the other processors."""


class ToldToStop(Exception):
    """The relay ends; the simulation is free again when its lease has run out."""


class Simulating:
    """Takes one simulation a turn; the row keeps two relays off the same one."""

    def __init__(self, settings: Settings, database: Database, told_to_stop: threading.Event) -> None:
        self._archive = Archive(settings.database_url, settings.master_keys)
        self._database = database
        self._told_to_stop = told_to_stop
        self._spoke_at = 0.0

    def turn(self) -> bool:
        """Do what waits longest; returns whether anything did."""
        with self._database.transaction() as session:
            taken = asking.take(session)
        if taken is None:
            return False
        try:
            self._do(taken)
        except (LeaseLost, ToldToStop) as reason:
            log.warning("simulation_left", simulation=str(taken.id), because=type(reason).__name__)
        return True

    def _do(self, taken: Simulation) -> None:
        if taken.attempts > asking.MOST_ATTEMPTS:
            self._give_up(taken, f"Given up after {asking.MOST_ATTEMPTS} attempts.")
            return
        try:
            counts = self._counted(taken)
        except (PhotogateError, ProfileError) as refusal:
            self._give_up(taken, str(refusal))
            return
        with self._database.transaction() as session:
            asking.finish(session, taken, counts)
        log.info("simulated", simulation=str(taken.id), photos=sum(counts.days.values()))

    def _counted(self, taken: Simulation) -> Counts:
        question = asking.question_of(taken)
        return simulate(self._archive, question, lambda done, _: self._speak(taken, done), processes=PROCESSES)

    def _speak(self, taken: Simulation, days_done: int) -> None:
        if self._told_to_stop.is_set():
            raise ToldToStop
        if time.monotonic() - self._spoke_at >= SPEAK_EVERY_S:
            self._spoke_at = time.monotonic()
            with self._database.transaction() as session:
                asking.move_on(session, taken, days_done)

    def _give_up(self, taken: Simulation, refusal: str) -> None:
        with self._database.transaction() as session:
            asking.give_up(session, taken, refusal)
        log.warning("simulation_refused", simulation=str(taken.id), refusal=refusal)


def simulating(settings: Settings, database: Database, told_to_stop: threading.Event) -> Turn:
    """What makes simulations, beside the relay."""
    return Turn(Simulating(settings, database, told_to_stop).turn, LOOK_AGAIN_S)
