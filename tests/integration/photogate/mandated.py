"""Photos that a machine judges under a mandate, and people who judge the machine."""

from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from models.artifacts import MANIFEST, Manifest
from models.registry import Registry
from photogate.access.tables import User
from photogate.applications.tables import DecisionRecord
from photogate.database import Database
from photogate.jobs import service as jobs
from photogate.mandates import queries, service
from photogate.mandates.tables import Standing
from photogate.reviews import service as reviews
from photogate.reviews.tables import ReviewTask
from photogate.screening.decision import decide
from photogate.screening.measurements import Measurements
from photogate.screening.profile import IssuerProfile
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from tests.factories import PORTRAIT, PROFILE, claim, submit

MODEL = "student@1"
EVERYBODY = replace(PROFILE, name="watched", risk=replace(PROFILE.risk, sample_share=1.0))
NOBODY = replace(PROFILE, name="unwatched")
GUARANTEE = asdict(Manifest.read(Registry(Path("nowhere")).find("student") / MANIFEST).guarantee)
PLACEHOLDER_SEEN = (Verdict.REJECTED, (ReasonCode.PLACEHOLDER_IMAGE,))


def begin(database: Database) -> None:
    """What a worker does at its start, under both profiles."""
    for profile in (EVERYBODY, NOBODY):
        with database.transaction() as session:
            service.begin(session, profile, MODEL, GUARANTEE)


def judged_by_machine(database: Database, found: Measurements, profile: IssuerProfile = EVERYBODY) -> DecisionRecord:
    """What a worker does with one application's photo."""
    job = claim(database, submit(database).id)
    with database.transaction() as session:
        made = decide(found, profile, job.application_id)
        return jobs.finish(session, job, found, made, crop_key="crop", review_key="review")


def judged_by(
    database: Database,
    person: User,
    made: DecisionRecord,
    verdict: Verdict = Verdict.APPROVED,
    codes: tuple[ReasonCode, ...] = (),
) -> DecisionRecord:
    """What a person says of the case that a decision opened."""
    with database.transaction() as session:
        task = session.scalars(select(ReviewTask).where(ReviewTask.decision_id == made.id)).one()
        reviews.claim(session, task.id, person, timedelta(seconds=90))
    with database.transaction() as session:
        return reviews.decide(session, task.id, person, verdict, codes)


def turn_bad(database: Database, person: User, times: int = 3) -> None:
    """The machine would approve placeholders, and a person sees it."""
    for _ in range(times):
        judged_by(database, person, judged_by_machine(database, PORTRAIT), *PLACEHOLDER_SEEN)


def standing(database: Database, profile: IssuerProfile = EVERYBODY) -> Standing:
    """How the mandate of a profile's model stands."""
    with database.transaction() as session:
        return next(one for one in queries.current(session) if one.policy == profile.reference)
