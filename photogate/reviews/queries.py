"""What the review pages ask."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from photogate.applications.tables import Application, DecisionRecord
from photogate.errors import NotFound
from photogate.reviews.tables import ReviewTask


def open_tasks(session: Session, *, limit: int) -> Sequence[ReviewTask]:
    """The oldest open cases with what the queue page shows of each."""
    return session.scalars(
        select(ReviewTask)
        .where(ReviewTask.closed_at.is_(None))
        .order_by(ReviewTask.opened_at, ReviewTask.id)
        .limit(limit)
        .options(
            joinedload(ReviewTask.application).joinedload(Application.applicant),
            joinedload(ReviewTask.photo),
            joinedload(ReviewTask.decision),
            joinedload(ReviewTask.reviewer),
        )
    ).all()


def count_open(session: Session) -> int:
    """How many cases wait for a person."""
    return session.scalars(select(func.count()).where(ReviewTask.closed_at.is_(None))).one()


def task(session: Session, task_id: UUID) -> ReviewTask:
    """One case with everything its page shows; raises NotFound."""
    found = session.scalar(
        select(ReviewTask)
        .where(ReviewTask.id == task_id)
        .options(
            joinedload(ReviewTask.application).joinedload(Application.applicant),
            joinedload(ReviewTask.photo),
            joinedload(ReviewTask.decision).joinedload(DecisionRecord.assessment),
            joinedload(ReviewTask.reviewer),
        )
    )
    if found is None:
        raise NotFound("There is no such case.")
    return found


def outcome(session: Session, task_id: UUID) -> DecisionRecord | None:
    """The decision that closed a case."""
    return session.scalar(
        select(DecisionRecord)
        .join(ReviewTask, ReviewTask.decision_id == DecisionRecord.supersedes_id)
        .where(ReviewTask.id == task_id, ReviewTask.closed_at.is_not(None))
    )


def next_task_id(session: Session, user_id: UUID) -> UUID | None:
    """The case this reviewer should look at next: a claim of theirs that is still open, else the oldest free one.

    Held until the transaction ends, and SKIP LOCKED, so that two reviewers who ask at once get two cases.
    """
    free = ReviewTask.lease_until.is_(None) | (ReviewTask.lease_until < func.now())
    mine = ReviewTask.claimed_by == user_id
    return session.scalar(
        select(ReviewTask.id)
        .where(ReviewTask.closed_at.is_(None), free | mine)
        .order_by((mine & ~free).desc().nulls_last(), ReviewTask.opened_at, ReviewTask.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
