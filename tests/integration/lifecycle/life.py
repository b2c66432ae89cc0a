"""Random lives of applications: everybody who may do something does, in any order, with the real services.

Every step is committed as in production, and every life has an applicant of its own. A step that is refused is no
fault; one that succeeds although it should not is, and so is whatever `sight` finds afterwards.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from photogate.applicants import queries as applicants
from photogate.applicants.tables import Applicant
from photogate.applications import service as applications
from photogate.applications.photo_file import PhotoFile
from photogate.applications.service import Intake, KeptOriginal
from photogate.applications.tables import Stage
from photogate.database import new_id
from photogate.errors import Conflict, Forbidden, NotFound, Unprocessable
from photogate.jobs import service as jobs
from photogate.jobs.service import Job, LeaseLost
from photogate.mandates import service as mandates
from photogate.privacy import erasure, holds
from photogate.releases import service as releases
from photogate.releases.tables import PrintRelease, ReleaseState
from photogate.reviews import service as reviews
from photogate.screening.decision import decide
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from tests.factories import CLIENT, PORTRAIT
from tests.integration.lifecycle.chances import (
    ENDS,
    leases,
    lifetimes,
    measured,
    people,
    profiles,
    refusals,
    seldom,
    verdicts,
    which,
)
from tests.integration.lifecycle.house import ALONE, LEASE, PAST, WATCHED, House
from tests.integration.lifecycle.sight import Seen, look, require_what_must_hold
from tests.integration.photogate.mandated import MODEL
from tests.keys import KMS, PHOTO_KEY

ATTEMPTS = 3


def some(condition: Callable[[Seen], object]) -> Callable[["Life"], bool]:
    """Whether any application is one about which this step could do something."""
    return lambda life: any(condition(one) for one in life.seen.values())


class Life(RuleBasedStateMachine):
    """One applicant with one or two applications."""

    house: ClassVar[House]

    def __init__(self) -> None:
        super().__init__()
        self.house.resume()
        self.reference, self.profile = f"L-{new_id()}", ALONE
        self.seen: dict[UUID, Seen] = {}
        self.jobs: list[Job] = []
        self.is_suspended = False

    @contextmanager
    def step(self, name: str) -> Iterator[Session]:
        """One use case, committed or refused as a whole; then everything that must hold is looked at."""
        try:
            with self.house.database.transaction() as session:
                yield session
        except (Conflict, NotFound, Unprocessable, Forbidden, LeaseLost):
            self.house.counted["refused"] += 1
        else:
            self.house.counted[name] += 1
        self.look()

    def look(self) -> None:
        with self.house.database.transaction() as session:
            self.seen = look(session, self.seen)
            require_what_must_hold(session, self.seen.values())

    def any_of(self, number: int, condition: Callable[[Seen], object] = lambda _: True) -> Seen:
        """One application that fits; any where none does, so that somebody tries what is not their turn."""
        fitting = [one for one in self.seen.values() if condition(one)] or list(self.seen.values())
        return fitting[number % len(fitting)]

    @initialize(found=measured, is_watched=st.booleans(), is_drawn=st.booleans(), has_another=st.booleans())
    def begin(self, found, is_watched, is_drawn, has_another):
        self.profile = WATCHED if is_watched else ALONE
        self.submit(is_drawn)
        self.work(0, found, self.profile)
        if has_another:
            self.submit(not is_drawn)
            self.work(0, PORTRAIT, self.profile)

    @precondition(lambda self: len(self.seen) < 2 or all(one.is_erased for one in self.seen.values()))
    @rule(is_drawn=st.booleans())
    def submit(self, is_drawn):
        """The sample is drawn by the id, which chance gives: so that a life can be lived again, it is chosen here."""
        application = next(one for one in iter(new_id, None) if WATCHED.risk.draws(one) == is_drawn)
        self.seen = {**self.seen, application: None}
        with self.step("submitted") as session:
            applications.submit(session, self.intake(), self.reference, application_id=application)

    @precondition(some(lambda one: one.status == "resubmission_requested"))
    @rule(number=which)
    def resubmit(self, number):
        one = self.any_of(number, lambda one: one.status == "resubmission_requested")
        with self.step("resubmitted") as session:
            applications.resubmit(session, self.intake(), one.id, self.profile)
            assert one.status == "resubmission_requested"

    @precondition(some(lambda one: one.undecided))
    @rule(number=which, found=measured, profile=profiles)
    def work(self, number, found, profile):
        """A worker takes a photo and finishes it; perhaps the profile has just changed."""
        self.house.counted["profile changed"] += profile is not self.profile
        self.profile = profile
        self.claim(number, LEASE)
        if self.jobs:
            self.finish(-1, found)

    @precondition(some(lambda one: one.undecided))
    @rule(number=which, lease=leases)
    def claim(self, number, lease):
        one = self.any_of(number, lambda one: one.undecided)
        with self.step("claimed") as session:
            wanted = one.undecided or new_id()
            job = jobs.claim(session, wanted, Stage.PREPARE, lease=lease, max_attempts=ATTEMPTS)
            self.jobs += [job] if job else []

    @precondition(lambda self: self.jobs)
    @rule(number=which, found=measured)
    def finish(self, number, found):
        """Also one whose lease is lost, or whose photo is erased meanwhile."""
        job = self.jobs[number % len(self.jobs)]
        newest = max(one.token for one in self.jobs if one.photo_id == job.photo_id)
        pictures = {"crop_key": "crop", "review_key": "review"} if found.faces is not None else {}
        with self.step("finished") as session:
            jobs.finish(session, job, found, decide(found, self.profile, job.application_id), **pictures)
            assert (self.seen[job.application_id].undecided, newest) == (job.photo_id, job.token)
        self.jobs.remove(job)

    @precondition(lambda self: self.jobs)
    @rule(number=which, is_counted=st.booleans())
    def hand_back(self, number, is_counted):
        with self.step("handed back") as session:
            jobs.hand_back(session, self.jobs[number % len(self.jobs)], after=PAST, counted=is_counted)

    @precondition(some(lambda one: one.undecided))
    @rule(number=which)
    def give_up(self, number):
        """Every attempt ends with a lost lease, and the relay gives the photo to people."""
        for _ in range(ATTEMPTS):
            self.claim(number, PAST)
        self.house.counted["given up"] += self.house.relay.give_up()
        self.look()

    @precondition(some(lambda one: one.task))
    @rule(number=which, person=people, said=verdicts)
    def review(self, number, person, said):
        """A reviewer takes a case and decides it."""
        self.take(number, person, LEASE)
        self.say(number, person, said)

    @precondition(some(lambda one: one.task))
    @rule(number=which, person=people, lease=leases)
    def take(self, number, person, lease):
        one, who = self.any_of(number, lambda one: one.task), self.house.reviewers[person]
        with self.step("taken") as session:
            reviews.claim(session, one.task or new_id(), who, lease)
            assert not one.is_claimed or one.claimed_by == who.id

    @precondition(some(lambda one: one.task))
    @rule(number=which, person=people)
    def see_through(self, number, person):
        """A person sees a placeholder where the machine would perhaps have approved one, and it falls back."""
        self.review(number, person, (Verdict.REJECTED, (ReasonCode.PLACEHOLDER_IMAGE,)))

    @precondition(some(lambda one: one.claimed_by))
    @rule(number=which, person=people)
    def return_case(self, number, person):
        one = self.any_of(number, lambda one: one.claimed_by)
        with self.step("returned") as session:
            reviews.give_back(session, one.task or new_id(), self.house.reviewers[person])

    @precondition(some(lambda one: one.task))
    @rule(number=which, person=people, said=verdicts)
    def say(self, number, person, said):
        one, who = self.any_of(number, lambda one: one.task), self.house.reviewers[person]
        with self.step("decided") as session:
            made = reviews.decide(session, one.task or new_id(), who, *said)
            assert one.claimed_by == who.id
            self.house.counted["first verdicts" if made is None else f"decided after {one.verdicts}"] += 1
        self.is_suspended = bool(self.house.suspended("approvals"))

    @precondition(some(lambda one: one.verdict == "approved"))
    @rule(number=which, person=people, said=refusals)
    def take_back(self, number, person, said):
        one = self.any_of(number, lambda one: one.verdict == "approved")
        with self.step("taken back") as session:
            reviews.take_back(session, one.id, self.house.reviewers[person], *said)
            assert one.verdict == "approved"

    @precondition(some(lambda one: not one.is_erased))
    @rule(number=which, hold=st.booleans(), lasts=lifetimes, is_right=st.sampled_from([True, True, True, False]))
    def release(self, number, hold, lasts, is_right):
        one = self.any_of(number, lambda one: one.status == "approved")
        sha256 = self.file().sha256 if is_right else "ab" * 32
        with self.step("held" if hold else "released") as session:
            releases.release(session, self.house.signer, CLIENT, one.id, sha256, valid_for=lasts, hold=hold)
            self.require_printable(one)
            assert is_right

    @precondition(some(lambda one: one.released_on))
    @rule(number=which, lasts=lifetimes)
    def let_go(self, number, lasts):
        made = self.any_release(number)
        with self.step("let go") as session:
            before = made.state
            releases.let_go(session, self.house.signer, CLIENT, made.id, valid_for=lasts)
            if before is ReleaseState.HELD:
                self.require_printable(self.seen[made.application_id])

    @precondition(some(lambda one: one.released_on))
    @rule(number=which, state=st.sampled_from(ENDS))
    def mark(self, number, state):
        with self.step(state.value) as session:
            releases.mark(session, CLIENT, self.any_release(number).id, state)

    @precondition(some(lambda one: one.released_on))
    @rule(is_meant=seldom)
    def let_time_pass(self, is_meant):
        if is_meant:
            with self.step("run out") as session:
                releases.expire(session, limit=100)

    @precondition(some(lambda one: not one.is_erased))
    @rule(is_meant=seldom)
    def legal_hold(self, is_meant):
        if is_meant:
            is_held = any(one.is_held for one in self.seen.values())
            with self.step("hold released" if is_held else "hold placed") as session:
                if is_held:
                    holds.release_hold(session, self.applicant(session), "client:ministry")
                else:
                    holds.hold(session, KMS, self.applicant(session), "court order", "client:ministry")

    @precondition(some(lambda one: not one.is_erased))
    @rule(is_meant=seldom)
    def erase(self, is_meant):
        if is_meant:
            is_held = any(one.is_held for one in self.seen.values())
            with self.step("erased") as session:
                erasure.erase(session, self.applicant(session), "client:ministry")
                assert not is_held

    @precondition(lambda self: self.is_suspended)
    @rule(by=st.sampled_from(["admin", "admin", "reviewer"]))
    def resume(self, by):
        person = self.house.admin if by == "admin" else self.house.reviewers[0]
        with self.step("resumed") as session:
            mandates.resume(session, WATCHED.reference, MODEL, person, "It was looked at.")
            assert by == "admin"
            self.is_suspended = False

    def teardown(self):
        self.house.log.verify()
        self.house.counted["lives"] += 1

    def require_printable(self, one: Seen) -> None:
        """What the gate let through was approved, by a person or by a model that may approve alone."""
        assert (one.status, one.verdict, one.issued_at) == ("approved", "approved", None)
        if one.actor_kind == "policy":
            assert one.policy not in self.house.suspended("approvals")

    def any_release(self, number: int) -> PrintRelease:
        with self.house.database.transaction() as session:
            known = session.scalars(
                select(PrintRelease).where(PrintRelease.application_id.in_(self.seen)).order_by(PrintRelease.id.desc())
            ).all()
        return known[number % len(known)]

    def applicant(self, session: Session) -> Applicant:
        return applicants.by_reference(session, KMS, CLIENT.name, self.reference, hold=True)

    def intake(self) -> Intake:
        return Intake(CLIENT, self.file(), KeptOriginal("original", PHOTO_KEY), KMS)

    def file(self) -> PhotoFile:
        return PhotoFile(b"a photo", "image/jpeg", 240, 320)
