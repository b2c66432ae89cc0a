"""Photos come in, and workers decide them under the rules that they know."""

from dataclasses import replace
from typing import NamedTuple

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy.orm import Session

from photogate.applications import service as applications
from photogate.applications.photo_file import PhotoFile
from photogate.applications.service import Intake, KeptOriginal
from photogate.applications.tables import Stage
from photogate.database import new_id
from photogate.jobs import service as jobs
from photogate.jobs.service import Job
from photogate.promotions import service as promotions
from photogate.promotions.queries import InForce
from photogate.screening.decision import decide
from photogate.screening.measurements import Measurements
from tests.factories import CLIENT
from tests.integration.lifecycle.chances import leases, measured, which
from tests.integration.lifecycle.house import LEASE, MODELS, PAST, PROFILES, WATCHED
from tests.integration.lifecycle.steps import Steps, some
from tests.keys import KMS, PHOTO_KEY

ATTEMPTS = 3


class Taken(NamedTuple):
    """A photo that a worker has, and the rules that they know."""

    job: Job
    under: InForce


class Working(Steps):
    """What clients and workers do."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[Taken] = []
        self.known: InForce | None = None

    @precondition(lambda self: len(self.seen) < 2 or all(one.is_erased for one in self.seen.values()))
    @rule(is_drawn=st.booleans())
    def submit(self, is_drawn):
        """The sample is drawn by the id, which chance gives: so that a life can be lived again, it is chosen here."""
        application = next(one for one in iter(new_id, None) if WATCHED.risk.draws(one) == is_drawn)
        self.applications.append(application)
        with self.step("submitted") as session:
            applications.submit(session, self.intake(), self.reference, application_id=application)

    @precondition(some(lambda one: one.status == "resubmission_requested"))
    @rule(number=which)
    def resubmit(self, number):
        one = self.any_of(number, lambda one: one.status == "resubmission_requested")
        with self.step("resubmitted") as session:
            applications.resubmit(session, self.intake(), one.id, PROFILES[self.in_force.rules.policy])
            assert one.status == "resubmission_requested"

    @precondition(some(lambda one: one.undecided))
    @rule(number=which, found=measured)
    def work(self, number, found):
        """A worker takes a photo and finishes it."""
        self.claim(number, LEASE)
        if self.taken:
            self.finish(-1, found)

    @precondition(some(lambda one: one.undecided))
    @rule(number=which, lease=leases)
    def claim(self, number, lease):
        one = self.any_of(number, lambda one: one.undecided)
        with self.step("claimed") as session:
            wanted = one.undecided or new_id()
            job = jobs.claim(session, wanted, Stage.PREPARE, lease=lease, max_attempts=ATTEMPTS)
            self.taken += [Taken(job, self.known_rules(session))] if job else []

    def known_rules(self, session: Session) -> InForce:
        """Workers read them once, and anew when they are told that others are live."""
        if self.known is None:
            self.known = promotions.live(session)
            assert (self.known.number, self.known.rules) == (self.in_force.number, self.in_force.rules)
        return self.known

    @precondition(lambda self: self.taken)
    @rule(number=which, found=measured)
    def finish(self, number, found):
        """Also one whose lease is lost, whose photo is erased meanwhile, or that was judged by rules of the past."""
        job, under = taken = self.taken[number % len(self.taken)]
        newest = max(one.job.token for one in self.taken if one.job.photo_id == job.photo_id)
        pictures = {"crop_key": "crop", "review_key": "review"} if found.faces is not None else {}
        found, profile = measured_by(under.rules.model, found), PROFILES[under.rules.policy]
        made = decide(found, profile, job.application_id, job.attempt)
        with self.step("finished") as session:
            jobs.finish(session, job, found, made, under=under.number, **pictures)
            assert (self.seen[job.application_id].undecided, newest) == (job.photo_id, job.token)
        self.taken.remove(taken)
        if under.number != self.in_force.number:
            self.house.counted["judged anew"] += 1
            self.known = None
            self.give_away(job, is_counted=False)

    @precondition(lambda self: self.taken)
    @rule(number=which, is_counted=st.booleans())
    def hand_back(self, number, is_counted):
        self.give_away(self.taken[number % len(self.taken)].job, is_counted=is_counted)

    def give_away(self, job: Job, *, is_counted: bool) -> None:
        with self.step("handed back") as session:
            jobs.hand_back(session, job, after=PAST, counted=is_counted)

    @precondition(some(lambda one: one.undecided))
    @rule(number=which)
    def give_up(self, number):
        """Every attempt ends with a lost lease, and the relay gives the photo to people."""
        for _ in range(ATTEMPTS):
            self.claim(number, PAST)
        self.house.counted["given up"] += self.house.relay.give_up()
        self.look()

    def intake(self) -> Intake:
        return Intake(CLIENT, self.file(), KeptOriginal("original", PHOTO_KEY), KMS)

    def file(self) -> PhotoFile:
        return PhotoFile(b"a photo", "image/jpeg", 240, 320)


def measured_by(model: str, found: Measurements) -> Measurements:
    """What was measured, by this model where any measured."""
    return replace(found, models={model: MODELS[model].sha256}) if found.models else found
