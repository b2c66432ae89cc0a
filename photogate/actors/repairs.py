"""Repairs that are certain: each puts back what other rows, which nobody can rewrite, still say.

Every repair takes an application that the caller holds, and returns what it did in words for auditors; None where it
would have to guess. It waits for nobody who comes to the application last: where such a row is held, the database's
LockNotAvailable ends the transaction, and the next turn looks again.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from photogate.actors.breakages import Rule
from photogate.applications.tables import Application, DecisionRecord, Photo, Stage
from photogate.releases import queries as releases_queries
from photogate.releases import service as releases
from photogate.reviews import service as reviews
from photogate.reviews.tables import ReviewTask
from photogate.screening.verdicts import ApplicationStatus, Verdict

Repair = Callable[[Session, Application], str | None]


def _take_up_the_last_decision(session: Session, application: Application) -> str | None:
    """The chain of decisions is only ever added to and cannot fork, so its end is the decision in force."""
    later = aliased(DecisionRecord)
    last = session.scalar(
        select(DecisionRecord.id).where(
            DecisionRecord.application_id == application.id, ~exists().where(later.supersedes_id == DecisionRecord.id)
        )
    )
    if last is None:
        return None
    application.current_decision_id = last
    return "the last decision of the chain is in force again"


def _decide_again(session: Session, application: Application) -> str | None:
    """A photo without a decision goes back to the workers, unless its file is gone."""
    photo = session.scalars(
        select(Photo).where(Photo.application_id == application.id).order_by(Photo.attempt.desc()).limit(1)
    ).first()
    if photo is None or photo.original_key is None:
        return None
    photo.stage, photo.due_at, photo.lease_until = Stage.PREPARE, func.now(), None
    photo.attempts, photo.fencing_token = 0, photo.fencing_token + 1
    return "the photo waits for a worker again"


def _make_due(session: Session, application: Application) -> str | None:
    """Whoever had claimed it has lost it: the token moves on."""
    waiting = (Photo.application_id == application.id, Photo.stage != Stage.DECIDED)
    photo = session.scalar(select(Photo).where(*waiting).with_for_update(nowait=True))
    if photo is None:
        return None
    photo.due_at, photo.lease_until, photo.fencing_token = func.now(), None, photo.fencing_token + 1
    return "the photo is due now"


def _follow_the_decision(session: Session, application: Application) -> str | None:
    decision = session.get(DecisionRecord, application.current_decision_id) if application.current_decision_id else None
    if decision is None:
        return None
    before, application.status = application.status, ApplicationStatus(decision.verdict)
    return f"the status is {application.status.value} as decided, no longer {before.value}"


def _close_case(session: Session, application: Application) -> str | None:
    case = _case(session, application)
    if case is None:
        return None
    case.closed_at = func.now()
    return "the case was closed, because another decision is in force"


def _free_case(session: Session, application: Application) -> str | None:
    case = _case(session, application)
    if case is None:
        return None
    case.claimed_by = case.lease_until = None
    return "the case is free for other reviewers"


def _put_before_people(session: Session, application: Application) -> str | None:
    """A case that was closed without a decision is opened again; where there is none, one is opened."""
    decision = session.get(DecisionRecord, application.current_decision_id) if application.current_decision_id else None
    if decision is None or decision.verdict is not Verdict.IN_REVIEW:
        return None
    of_this = ReviewTask.decision_id == decision.id, ReviewTask.golden_for.is_(None)
    closed = session.scalar(select(ReviewTask).where(*of_this).with_for_update())
    if closed is None:
        reviews.open_task(session, decision)
        return "a case was opened for people"
    closed.closed_at = closed.claimed_by = closed.lease_until = None
    return "the case, which had been closed without a decision, is open again"


def _end_release(session: Session, application: Application) -> str | None:
    ended = releases.settle(session, application)
    return "the print release was ended" if ended else None


def _note_the_card(session: Session, application: Application) -> str | None:
    releases_queries.close_issued(session, application.id)
    return "the application is closed, because its card was issued"


def _case(session: Session, application: Application) -> ReviewTask | None:
    of_this = (ReviewTask.application_id == application.id, ReviewTask.golden_for.is_(None))
    open_case = (*of_this, ReviewTask.closed_at.is_(None))
    return session.scalar(select(ReviewTask).where(*open_case).with_for_update(nowait=True))


REPAIRS: Mapping[Rule, Repair] = {
    Rule.DECISION_NOT_THE_LAST: _take_up_the_last_decision,
    Rule.PHOTO_WITHOUT_A_JOB: _decide_again,
    Rule.PHOTO_NEVER_DUE: _make_due,
    Rule.STATUS_NOT_AS_DECIDED: _follow_the_decision,
    Rule.CASE_ON_ANOTHER_DECISION: _close_case,
    Rule.CLAIM_WITHOUT_END: _free_case,
    Rule.NO_CASE_FOR_PEOPLE: _put_before_people,
    Rule.RELEASE_WITHOUT_ITS_APPROVAL: _end_release,
    Rule.RELEASE_PAST_ITS_TIME: _end_release,
    Rule.ISSUED_AND_STILL_OPEN: _note_the_card,
}
"""What can be repaired; the other rules are reported."""
