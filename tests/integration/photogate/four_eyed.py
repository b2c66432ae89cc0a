"""Cases at which two people look, and the people."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import insert, select

from photogate.access.tables import User
from photogate.applications import policies
from photogate.applications.notes import Note
from photogate.applications.tables import Assessment, DecisionRecord
from photogate.database import Database, new_id
from photogate.jobs import service as jobs
from photogate.reviews import service as reviews
from photogate.reviews.tables import ReviewTask
from photogate.screening.decision import decide
from photogate.screening.four_eyes import FourEyes
from photogate.screening.measurements import Measurements
from photogate.screening.profile import IssuerProfile
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from tests.factories import PROFILE, TWO_PEOPLE, claim, submit
from tests.keys import KMS

PAIRED = replace(PROFILE, name="paired", four_eyes=FourEyes((), (), 1, "all"))
LEASE = timedelta(seconds=90)
NOT_SHARP = (Verdict.RESUBMISSION_REQUESTED, (ReasonCode.NOT_SHARP,))


def opened(
    database: Database, found: Measurements = TWO_PEOPLE, profile: IssuerProfile = PAIRED, reference: str = "A-1"
) -> ReviewTask:
    """A case under a policy that is on record."""
    job = claim(database, submit(database, reference=reference).id)
    with database.transaction() as session:
        policies.record(session, profile)
        made = decide(found, profile, job.application_id)
        record = jobs.finish(session, job, found, made, crop_key="crop", review_key="review")
        session.flush()
        return session.scalars(select(ReviewTask).where(ReviewTask.decision_id == record.id)).one()


def taken(database: Database, task_id: UUID, person: User) -> None:
    """The person has the case."""
    with database.transaction() as session:
        reviews.claim(session, task_id, person, LEASE)


def says(
    database: Database,
    task_id: UUID,
    person: User,
    verdict: Verdict = Verdict.APPROVED,
    codes: tuple[ReasonCode, ...] = (),
    *,
    note: str = "",
    seen: str | None = None,
) -> DecisionRecord | None:
    """The person takes the case and gives their verdict."""
    taken(database, task_id, person)
    with database.transaction() as session:
        written = Note(note, KMS) if note else None
        return reviews.decide(session, task_id, person, verdict, codes, written, seen=seen)


def measured_again(database: Database, task: ReviewTask) -> None:
    """Something else is known about the photo now."""
    with database.transaction() as session:
        again = {"id": new_id(), "photo_id": task.photo_id, "measurements": {}}
        session.execute(insert(Assessment), again)
