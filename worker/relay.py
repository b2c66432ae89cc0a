"""Speaking up for photos that are due, and giving those to people that no worker could finish."""

import signal
import threading
from datetime import timedelta

import structlog
from sqlalchemy.orm import Session

from photogate.applicants.master_keys import KeyFolder
from photogate.applications import policies
from photogate.applications.notes import Note
from photogate.applications.tables import Stage
from photogate.database import Database
from photogate.jobs import service as jobs
from photogate.jobs.publisher import Publisher
from photogate.jobs.service import Job
from photogate.screening.decision import decide
from photogate.screening.measurements import Measurements
from photogate.settings import Settings
from worker.case_keeping import case_keeping
from worker.policy import live, require_policy
from worker.sequencing import log_keeping
from worker.shadowing import shadowing
from worker.simulating import simulating
from worker.sweeping import housekeeping
from worker.tallying import tallying
from worker.turns import beside, take_turns
from worker.webhooks import print_gate

log = structlog.get_logger()

MOST_WAITING = 1_000
"""Enough to keep any worker busy until the next turn; a longer queue would only hold the same ids twice."""

MOST_GIVEN_UP_A_TURN = 100


def run(settings: Settings) -> None:
    """Take turns until SIGTERM or SIGINT; any number of relays may run."""
    told_to_stop = threading.Event()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: told_to_stop.set())
    require_policy(settings)
    database = Database(settings.database_url)
    relay = Relay(settings, database, Publisher(settings.redis_url))
    tasks = [*log_keeping(settings, database), *print_gate(settings, database)]
    tasks += [housekeeping(settings, database), tallying(database), case_keeping(database)]
    tasks.append(simulating(settings, database, told_to_stop))
    tasks.append(shadowing(database, Publisher(settings.redis_url)))
    with beside(tasks, told_to_stop):
        relay.run(told_to_stop)


class Relay:
    """The loop; the database keeps two of them off the same photo."""

    def __init__(self, settings: Settings, database: Database, publisher: Publisher) -> None:
        self._settings = settings
        self._database = database
        self._publisher = publisher
        self._kms = KeyFolder(settings.master_keys)
        self._lease = timedelta(seconds=settings.lease_s)
        self._review_due_in = timedelta(hours=settings.review_due_hours)

    def run(self, told_to_stop: threading.Event) -> None:
        """Take turns until told to stop, through outages of Postgres and Redis."""
        log.info("relay_ready")
        take_turns(self.turn, told_to_stop, interval_s=self._settings.relay_interval_s)

    def turn(self) -> None:
        """Give what is exhausted to people, then speak up for what is due."""
        self.give_up()
        for stage in (Stage.PREPARE, Stage.CLASSIFY):
            self.speak_up(stage)

    def speak_up(self, stage: Stage) -> int:
        """Publish the photos of one stage that are due, as far as its queue has room; returns how many."""
        room = MOST_WAITING - self._publisher.waiting(stage)
        if room <= 0:
            return 0
        with self._database.transaction() as session:
            due = jobs.take_due(
                session, stage, limit=room, again_after=self._lease, max_attempts=self._settings.max_attempts
            )
        # After the commit: what gets lost now is due again in a while, and what comes twice finds the row claimed.
        published = sum(self._publisher.publish(photo_id, stage) for photo_id in due)
        if due:
            log.info("spoke_up", stage=stage.value, due=len(due), published=published)
        return published

    def give_up(self) -> int:
        """Put the photos before people that no worker could finish; returns how many."""
        given_up = 0
        while given_up < MOST_GIVEN_UP_A_TURN and self._give_one_up():
            given_up += 1
        return given_up

    def _give_one_up(self) -> bool:
        with self._database.transaction() as session:
            job = jobs.claim_exhausted(session, lease=self._lease, max_attempts=self._settings.max_attempts)
            if job is not None:
                self._to_people(session, job)
        return job is not None

    def _to_people(self, session: Session, job: Job) -> None:
        """Decide on what is known: a check that did not run is a reason for review."""
        there = live(session, self._settings)
        profile = policies.recorded(session, there.rules.policy)
        found = Measurements.from_json(job.prepared) if job.prepared else Measurements()
        note = Note(f"Gave up after {self._settings.max_attempts} attempts.", self._kms)
        made = decide(found, profile)
        due_in = self._review_due_in
        jobs.finish(session, job, found, made, note=note, under=there.number, review_due_in=due_in)
        log.warning("gave_up", photo=str(job.photo_id), stage=job.stage.value)
