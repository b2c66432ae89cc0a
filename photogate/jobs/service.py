"""Claiming a photo, moving it on, handing it back, deciding it: every write is fenced by the claim's token."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, update
from sqlalchemy.orm import Session

from photogate.applications import decisions
from photogate.applications.notes import Note
from photogate.applications.photo_keys import OWNER, PhotoKeys
from photogate.applications.tables import Assessment, DecisionRecord, Photo, Stage
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.database import new_id, parameters, table_of
from photogate.jobs import queries
from photogate.pictures import service as pictures
from photogate.pictures.service import Sighting
from photogate.releases import service as releases
from photogate.reviews import service as reviews
from photogate.screening.decision import Decision, suspended
from photogate.screening.measurements import Measurements
from photogate.screening.verdicts import Verdict


class LeaseLost(Exception):
    """The claim was overtaken: somebody else works on this photo now, and nothing of ours may be written."""


class RulesChanged(Exception):
    """Other rules were promoted while the photo was judged: nothing was written, and it must be judged anew."""


@dataclass(frozen=True, slots=True)
class Job:
    """A claim on one photo, its application's number `attempt`; `token` must still be the row's for any write."""

    photo_id: UUID
    application_id: UUID
    attempt: int
    stage: Stage
    token: int
    attempts: int
    original_key: str
    crop_key: str | None
    prepared: dict[str, Any] | None
    keys: PhotoKeys = field(kw_only=True)


def claim(session: Session, photo_id: UUID, stage: Stage, *, lease: timedelta, max_attempts: int) -> Job | None:
    """Claim a photo for one stage, or None: done, out of attempts, or claimed by somebody whose lease still runs."""
    wanted = {"photo_id": photo_id, "at_stage": stage, "lease": lease, "max_attempts": max_attempts}
    row = session.execute(queries.CLAIM, wanted).one_or_none()
    return None if row is None else _job(row)


def claim_exhausted(session: Session, *, lease: timedelta, max_attempts: int) -> Job | None:
    """Claim one photo whose attempts are used up and whose last lease has run out, for giving it to people."""
    photo_id = (
        select(Photo.id)
        .where(Photo.due_at <= func.now(), Photo.attempts >= max_attempts)
        .order_by(Photo.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    row = session.execute(
        update(table_of(Photo))
        .where(Photo.id == photo_id, OWNER)
        .values(queries.claimed(lease))
        .returning(*queries.CLAIMED)
    ).one_or_none()
    return None if row is None else _job(row)


def _job(row: Row[Any]) -> Job:
    of_job, of_keys = row[: len(queries.JOB)], row[len(queries.JOB) :]
    return Job(*of_job, keys=PhotoKeys(*of_keys))


def take_due(
    session: Session, stage: Stage, *, limit: int, again_after: timedelta, max_attempts: int
) -> Sequence[UUID]:
    """The photos of a stage that somebody should be told of now; each is due again after `again_after`."""
    wanted = {"at_stage": stage, "most": limit, "again_after": again_after, "max_attempts": max_attempts}
    return session.scalars(queries.TAKE_DUE, wanted).all()


def advance(session: Session, job: Job, *, crop_key: str, review_key: str, prepared: Measurements) -> None:
    """Move a prepared photo on to the classifier's queue, free for the next claim; raises LeaseLost."""
    _write(
        session,
        job,
        stage=Stage.CLASSIFY,
        crop_key=crop_key,
        review_key=review_key,
        prepared=prepared.to_json(),
        attempts=0,
        lease_until=None,
        due_at=func.now() + timedelta(seconds=10),
    )


def hand_back(session: Session, job: Job, *, after: timedelta, counted: bool) -> None:
    """Free the photo for a claim `after` a while; an attempt that the photo is not to blame for is not counted.

    Ends this claim: whoever hands back writes nothing more, so that no attempt is taken off twice.
    """
    _write(
        session,
        job,
        lease_until=None,
        fencing_token=Photo.fencing_token + 1,
        due_at=func.now() + after,
        attempts=Photo.attempts if counted else Photo.attempts - 1,
    )


def finish(  # noqa: PLR0913 - what is written together comes in together
    session: Session,
    job: Job,
    found: Measurements,
    decision: Decision,
    *,
    crop_key: str | None = None,
    review_key: str | None = None,
    sighting: Sighting | None = None,
    note: Note | None = None,
    under: int | None = None,
    review_due_in: timedelta = reviews.DUE_IN,
) -> DecisionRecord:
    """Record assessment and decision, and put the case before people where the decision says so.

    `under` is the number of the promotion whose rules judged; raises RulesChanged when another is live by now. Raises
    LeaseLost, too: the row is written first, so that a claim which was overtaken fails before anything else is added.
    What the machine may not decide alone at present goes to people, whatever `decision` says.
    """
    assessment_id = new_id()
    told = audit.event(
        EventKind.PHOTO_ASSESSED,
        "system",
        job.application_id,
        photo=str(job.photo_id),
        assessment=str(assessment_id),
        models=dict(found.models),
    )
    assessed = parameters(table_of(Assessment), {"id": assessment_id, "measurements": found.to_json()})
    kept = {"new_crop_key": crop_key, "new_review_key": review_key}
    remembered = pictures.remembering(sighting, job.keys.applicant_id)
    judge = {"policy": decision.policy, "model": next(iter(found.models), "")}
    wanted = {**_fence(job), **kept, **judge, **assessed, **remembered, **told}
    done = session.execute(queries.FINISH, wanted).one_or_none()
    if done is None:
        raise LeaseLost
    if under is not None and done.promotion != under:
        raise RulesChanged
    approvals, refusals = done.suspended or (False, False)
    decision = suspended(decision, approvals=approvals, refusals=refusals)
    grounds = decisions.Grounds(job.photo_id, assessment_id, found.models)
    record = decisions.append(session, job.application_id, decision, grounds, note=note)
    releases.withdraw_superseded(session, record)
    if record.verdict is Verdict.IN_REVIEW:
        reviews.open_task(session, record, due_in=review_due_in)
    return record


def _fence(job: Job) -> dict[str, Any]:
    return {"photo_id": job.photo_id, "at_stage": job.stage, "token": job.token}


def _write(session: Session, job: Job, **values: object) -> None:
    fenced = update(Photo).where(queries.FENCE).values(**values).returning(Photo.id)
    if not session.scalars(fenced, _fence(job), execution_options={"synchronize_session": False}).all():
        raise LeaseLost
