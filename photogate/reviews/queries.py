"""What the review pages ask."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select, true
from sqlalchemy.orm import Session, joinedload

from photogate.access.tables import User
from photogate.applications.tables import Application, DecisionRecord
from photogate.errors import NotFound
from photogate.reviews.tables import ReviewTask, ReviewVerdict, Seat
from photogate.reviews.verdicts import LAST_WORD


def waits_for(person: User) -> ColumnElement[bool]:
    """Whether a case could be this person's: they have not spoken yet, and the last word only if they may have it."""
    may_speak = true() if person.role in LAST_WORD else ReviewTask.awaits != Seat.ADJUDICATOR
    return _is_silent_on(person) & may_speak


def _is_silent_on(person: User) -> ColumnElement[bool]:
    """Whether a person who knows of the case has not spoken yet."""
    has_spoken = exists().where(
        ReviewVerdict.task_id == ReviewTask.id,
        ReviewVerdict.round == ReviewTask.round,
        ReviewVerdict.user_id == person.id,
    )
    is_meant = ReviewTask.golden_for.is_(None) | (ReviewTask.golden_for == person.id)
    return ~has_spoken & is_meant


def unspoken(session: Session, photo_ids: Collection[UUID], person: User) -> Sequence[ReviewTask]:
    """The open cases about these photos of which this person has said nothing, with their decisions."""
    return session.scalars(
        select(ReviewTask)
        .where(ReviewTask.photo_id.in_(photo_ids), ReviewTask.closed_at.is_(None), _is_silent_on(person))
        .options(joinedload(ReviewTask.decision))
    ).all()


def open_tasks(session: Session, *, limit: int, of: User | None = None) -> Sequence[ReviewTask]:
    """The oldest open cases with what the queue page shows of each; with `of`, those that wait for that person."""
    return session.scalars(
        select(ReviewTask)
        .where(ReviewTask.closed_at.is_(None), waits_for(of) if of else ReviewTask.golden_for.is_(None))
        .order_by(ReviewTask.opened_at, ReviewTask.id)
        .limit(limit)
        .options(
            joinedload(ReviewTask.application).joinedload(Application.applicant),
            joinedload(ReviewTask.photo),
            joinedload(ReviewTask.decision),
            joinedload(ReviewTask.reviewer),
        )
    ).all()


def count_open(session: Session, *, of: User | None = None) -> int:
    """How many cases wait for people, or for one person."""
    waiting = waits_for(of) if of else ReviewTask.golden_for.is_(None)
    return session.scalars(
        select(func.count()).select_from(ReviewTask).where(ReviewTask.closed_at.is_(None), waiting)
    ).one()


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
        .where(ReviewTask.id == task_id, ReviewTask.closed_at.is_not(None), ReviewTask.golden_for.is_(None))
    )


def next_task_id(session: Session, reviewer: User) -> UUID | None:
    """The case this reviewer should look at next: a claim of theirs that is still open, else the oldest free one.

    What only they may settle comes before what anybody may. Held until the transaction ends, and SKIP LOCKED, so that
    two reviewers who ask at once get two cases.
    """
    free = ReviewTask.lease_until.is_(None) | (ReviewTask.lease_until < func.now())
    mine = ReviewTask.claimed_by == reviewer.id
    return session.scalar(
        select(ReviewTask.id)
        .where(ReviewTask.closed_at.is_(None), free | mine, waits_for(reviewer))
        .order_by(
            (mine & ~free).desc().nulls_last(),
            (ReviewTask.awaits == Seat.ADJUDICATOR).desc(),
            ReviewTask.opened_at,
            ReviewTask.id,
        )
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def verdicts_about(session: Session, application_id: UUID) -> Sequence[ReviewVerdict]:
    """Everything that people said of an application's cases, where several looked at them."""
    return session.scalars(
        select(ReviewVerdict)
        .join(ReviewTask, ReviewTask.id == ReviewVerdict.task_id)
        .where(ReviewTask.application_id == application_id)
        .order_by(ReviewVerdict.created_at)
    ).all()
