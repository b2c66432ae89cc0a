"""Keeping the rule that every open case has a next actor and a deadline: repairing, reporting, and ending in time."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from photogate.actors.breakages import Breakage, broken_about
from photogate.actors.queries import APPLICANTS_DEADLINE
from photogate.actors.repairs import REPAIRS
from photogate.applications.tables import Application
from photogate.audit import service as audit
from photogate.audit.tables import Event, EventKind
from photogate.screening.verdicts import ApplicationStatus, Verdict

REPORTED_AGAIN_AFTER = timedelta(hours=24)

_LATE = f"""
    SELECT a.id, {APPLICANTS_DEADLINE} AS deadline FROM applications a
    JOIN decisions d ON d.id = a.current_decision_id AND d.verdict = '{Verdict.RESUBMISSION_REQUESTED}'
    JOIN policies ON policies.reference = d.policy AND policies.body ? 'deadlines'
    JOIN applicants ON applicants.id = a.applicant_id AND applicants.held_at IS NULL
    WHERE a.status = '{ApplicationStatus.RESUBMISSION_REQUESTED}' AND {APPLICANTS_DEADLINE} < now()
"""  # noqa: S608 - made of constants
_ANYWHERE = text(f"{_LATE} ORDER BY deadline LIMIT :most")
_OF_THESE = text(f"{_LATE} AND a.id = ANY(:applications) ORDER BY deadline FOR UPDATE OF a SKIP LOCKED")


def mend(session: Session, breakage: Breakage) -> bool:
    """Repair what is still broken, or report it, both as an event; returns whether it was repaired.

    Does nothing where somebody else holds the application, or where it is whole by now. Raises LockNotAvailable, as
    the repairs do.
    """
    application = _held(session, breakage.application_id)
    if application is None or breakage not in broken_about(session, [application.id]):
        return False
    repair = REPAIRS.get(breakage.rule)
    done = repair(session, application) if repair else None
    if done is None:
        _report(session, breakage)
        return False
    session.flush()
    audit.append(
        session,
        EventKind.CASE_REPAIRED,
        "system",
        application_id=application.id,
        found=breakage.rule.value,
        done=done,
    )
    return True


def run_out(session: Session, *, most: int) -> Sequence[UUID]:
    """Applications whose applicants sent no other photo in time, as their policy says, the oldest deadline first.

    Under a policy without deadlines, and for as long as a legal hold lasts, none runs out.
    """
    return session.scalars(_ANYWHERE, {"most": most}).all()


def expire(session: Session, applications: Collection[UUID]) -> Sequence[UUID]:
    """End those of these applications that have run out and that nobody else holds; returns their ids."""
    late = session.execute(_OF_THESE, {"applications": list(applications)}).all()
    for application_id, deadline in late:
        application = session.get_one(Application, application_id)
        application.status = ApplicationStatus.EXPIRED
        audit.append(
            session,
            EventKind.APPLICATION_EXPIRED,
            "system",
            application_id=application_id,
            deadline=deadline.isoformat(),
        )
    return [application_id for application_id, _ in late]


def _held(session: Session, application_id: UUID) -> Application | None:
    wanted = select(Application).where(Application.id == application_id)
    return session.scalar(wanted.with_for_update(skip_locked=True))


def _report(session: Session, breakage: Breakage) -> None:
    """Once a day for as long as it lasts: a report that comes every minute is read by nobody."""
    told = select(Event.id).where(
        Event.application_id == breakage.application_id,
        Event.kind == EventKind.CASE_REPORTED,
        Event.details["found"].astext == breakage.rule.value,
        Event.created_at > func.now() - REPORTED_AGAIN_AFTER,
    )
    if session.scalar(told.limit(1)) is None:
        audit.append(
            session,
            EventKind.CASE_REPORTED,
            "system",
            application_id=breakage.application_id,
            found=breakage.rule.value,
        )
