"""Opening a case, claiming it, giving it back, deciding it."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from photogate.access.tables import User
from photogate.applications import decisions
from photogate.applications.notes import Note
from photogate.applications.tables import DecisionRecord, Photo
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.errors import Conflict, NotFound, Unprocessable
from photogate.mandates import service as mandates
from photogate.pictures import service as pictures
from photogate.releases import service as releases
from photogate.reviews import reasons
from photogate.reviews.tables import ReviewTask
from photogate.screening.decision import Decision
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict


class ClaimLost(Conflict):
    """Somebody else has the case now, or it is decided; what was typed is not applied."""

    code, title = "CLAIM_LOST", "This case is no longer yours"


def open_task(session: Session, decision: DecisionRecord) -> ReviewTask:
    """Put a case before people, because `decision` says so."""
    task = ReviewTask(application_id=decision.application_id, photo_id=decision.photo_id, decision_id=decision.id)
    session.add(task)
    return task


def claim(session: Session, task_id: UUID, reviewer: User, lease: timedelta) -> None:
    """Reserve an open case for one reviewer, or prolong the claim they have.

    Raises ClaimLost when another reviewer holds it or it is decided, NotFound when there is no such case.
    """
    free = ReviewTask.lease_until.is_(None) | (ReviewTask.lease_until < func.now())
    before = session.scalar(select(ReviewTask).where(ReviewTask.id == task_id).with_for_update())
    claimed = session.scalar(
        update(ReviewTask)
        .where(ReviewTask.id == task_id, ReviewTask.closed_at.is_(None), free | (ReviewTask.claimed_by == reviewer.id))
        .values(claimed_by=reviewer.id, lease_until=func.now() + lease)
        .returning(ReviewTask.application_id)
        .execution_options(synchronize_session=False)
    )
    if before is None:
        raise NotFound("There is no such case.")
    if claimed is None:
        raise ClaimLost("Another reviewer is looking at this case, or it has been decided.")
    if before.claimed_by != reviewer.id:
        audit.append(
            session, EventKind.REVIEW_CLAIMED, f"user:{reviewer.id}", application_id=claimed, task=str(task_id)
        )


def give_back(session: Session, task_id: UUID, reviewer: User) -> None:
    """Free a case that this reviewer had claimed; nothing happens when they no longer hold it."""
    freed = session.scalar(
        update(ReviewTask)
        .where(ReviewTask.id == task_id, ReviewTask.claimed_by == reviewer.id, ReviewTask.closed_at.is_(None))
        .values(claimed_by=None, lease_until=None)
        .returning(ReviewTask.application_id)
    )
    if freed is not None:
        audit.append(session, EventKind.REVIEW_RETURNED, f"user:{reviewer.id}", application_id=freed, task=str(task_id))


def decide(
    session: Session,
    task_id: UUID,
    reviewer: User,
    verdict: Verdict,
    codes: Sequence[ReasonCode],
    note: Note | None = None,
) -> DecisionRecord:
    """Close a case with a person's decision.

    Raises ClaimLost when the case is not (or no longer) this reviewer's, Unprocessable for a refusal without a reason
    and for the approval of a photo of which there is no picture to look at, ResubmissionLimit for asking for more
    photos than the profile allows.
    """
    task = session.scalar(select(ReviewTask).where(ReviewTask.id == task_id).with_for_update())
    if task is None:
        raise NotFound("There is no such case.")
    if task.closed_at is not None or task.claimed_by != reviewer.id:
        raise ClaimLost("The case was decided or claimed by somebody else; nothing was recorded.")
    if verdict is Verdict.APPROVED and session.get_one(Photo, task.photo_id).review_key is None:
        raise Unprocessable("A photo that nobody could look at cannot be approved.")
    application = decisions.locked(session, task.application_id)
    ground = session.get_one(DecisionRecord, task.decision_id)
    found = reasons.given(session, verdict, codes, ground)
    if application.current_decision_id != ground.id:
        raise ClaimLost("The case was decided by somebody else; nothing was recorded.")
    task.closed_at = func.now()
    record = decisions.append(
        session,
        application.id,
        Decision(verdict, found, ground.policy),
        decisions.Grounds(ground.photo_id, ground.assessment_id, ground.models),
        user_id=reviewer.id,
        note=note,
    )
    releases.withdraw_superseded(session, record)
    mandates.hear(session, record)
    pictures.hear(session, record)
    return record


def take_back(
    session: Session, application_id: UUID, person: User, verdict: Verdict, codes: Sequence[ReasonCode]
) -> DecisionRecord:
    """Decide anew, as a person, against a photo that was approved; what is held or released for print is withdrawn.

    An issued card stays. Raises NotFound, Conflict when no approval is in force, Unprocessable without a reason,
    ResubmissionLimit.
    """
    if verdict is Verdict.APPROVED:
        raise Unprocessable("An approval is taken back by rejecting the photo or by asking for another one.")
    application = decisions.locked(session, application_id)
    ground = application.current_decision_id and session.get(DecisionRecord, application.current_decision_id)
    if not ground or ground.verdict is not Verdict.APPROVED:
        raise Conflict(f"The application is {application.status.value}; there is no approval to take back.")
    found = reasons.given(session, verdict, codes, ground)
    grounds = decisions.Grounds(ground.photo_id, ground.assessment_id, ground.models)
    anew = Decision(verdict, found, ground.policy)
    record = decisions.append(session, application_id, anew, grounds, user_id=person.id)
    releases.withdraw_superseded(session, record)
    mandates.hear(session, record)
    pictures.hear(session, record)
    return record
