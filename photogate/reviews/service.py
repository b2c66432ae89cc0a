"""Opening a case, claiming it, giving it back, deciding it."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from photogate.access.tables import User
from photogate.applications import decisions
from photogate.applications.notes import Note
from photogate.applications.tables import DecisionRecord, Photo
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.errors import Conflict, NotFound, Unprocessable
from photogate.mandates import service as mandates
from photogate.mandates.queries import may_not_approve
from photogate.pictures import service as pictures
from photogate.releases import service as releases
from photogate.reviews import reasons, verdicts
from photogate.reviews.evidence import require_unchanged, tag
from photogate.reviews.tables import ReviewTask, ReviewVerdict, Seat
from photogate.screening.decision import Decision
from photogate.screening.four_eyes import Said
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict

DUE_IN = timedelta(hours=72)


class ClaimLost(Conflict):
    """Somebody else has the case now, or it is decided; what was typed is not applied."""

    code, title = "CLAIM_LOST", "This case is no longer yours"


def open_task(session: Session, decision: DecisionRecord, *, due_in: timedelta = DUE_IN) -> ReviewTask:
    """Put a case before people, because `decision` says so."""
    task = ReviewTask(
        application_id=decision.application_id,
        photo_id=decision.photo_id,
        decision_id=decision.id,
        due_at=func.now() + due_in,
    )
    session.add(task)
    return task


def open_held(session: Session, application_id: UUID, *, due_in: timedelta = DUE_IN) -> None:
    """Put an approval before people that a machine made alone and that is not printed at present; once is enough."""
    application = decisions.locked(session, application_id)
    held = application.current_decision_id and session.get(DecisionRecord, application.current_decision_id)
    before = exists().where(ReviewTask.decision_id == application.current_decision_id)
    if held and may_not_approve(session, held) and not session.scalar(select(before)):
        open_task(session, held, due_in=due_in)


def claim(session: Session, task_id: UUID, reviewer: User, lease: timedelta) -> None:
    """Reserve an open case for one reviewer, or prolong the claim they have.

    Raises ClaimLost when another reviewer holds it or it is decided, NotFound when there is no such case, SamePerson
    and AdjudicatorNeeded when it waits for another person's word.
    """
    free = ReviewTask.lease_until.is_(None) | (ReviewTask.lease_until < func.now())
    before = session.scalar(select(ReviewTask).where(ReviewTask.id == task_id).with_for_update())
    if before is None or before.golden_for not in {None, reviewer.id}:
        raise NotFound("There is no such case.")
    if before.closed_at is None and before.awaits is not Seat.FIRST:
        verdicts.void_changed(session, before, tag(session, before))
        verdicts.require_another(before, verdicts.standing(session, before), reviewer)
    claimed = session.scalar(
        update(ReviewTask)
        .where(ReviewTask.id == task_id, ReviewTask.closed_at.is_(None), free | (ReviewTask.claimed_by == reviewer.id))
        .values(claimed_by=reviewer.id, lease_until=func.now() + lease)
        .returning(ReviewTask.application_id)
        .execution_options(synchronize_session=False)
    )
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
    *,
    seen: str | None = None,
) -> DecisionRecord | None:
    """Take a person's verdict on a case: it closes it, or waits for a second one where the policy asks for that.

    `seen` is the tag of the evidence that they judged by, where they say so. Returns the decision, or None while there
    is none. Raises ClaimLost when the case is not (or no longer) this reviewer's, Unprocessable for a refusal without a
    reason and for the approval of a photo of which there is no picture to look at, EvidenceChanged, SamePerson,
    AdjudicatorNeeded, ResubmissionLimit for asking for more photos than the profile allows.
    """
    task = _held(session, task_id, reviewer)
    if verdict is Verdict.APPROVED and session.get_one(Photo, task.photo_id).review_key is None:
        raise Unprocessable("A photo that nobody could look at cannot be approved.")
    ground = session.get_one(DecisionRecord, task.decision_id)
    reasons.given(session, verdict, codes, ground)  # refuses what nobody can say, before anything is written
    evidence = tag(session, task)
    if seen is not None:
        require_unchanged(seen, evidence)
    given = verdicts.Given(reviewer, Said(verdict, tuple(codes)), evidence, note)
    if task.golden_for is not None:
        _answer(session, task, given)
        return None
    application = decisions.locked(session, task.application_id)
    if application.current_decision_id != ground.id:
        raise ClaimLost("The case was decided by somebody else; nothing was recorded.")
    verdicts.void_changed(session, task, evidence)
    return _take(session, task, ground, given)


def _answer(session: Session, task: ReviewTask, given: verdicts.Given) -> None:
    """Keep what was said of a golden case, and decide nothing."""
    kept = verdicts.keep(session, task, given)
    task.closed_at = func.now()
    audit.append(
        session,
        EventKind.GOLDEN_JUDGED,
        f"user:{kept.user_id}",
        application_id=task.application_id,
        task=str(task.id),
        verdict_id=str(kept.id),
        verdict=kept.verdict.value,
        reasons=kept.codes,
    )


def _held(session: Session, task_id: UUID, reviewer: User) -> ReviewTask:
    task = session.scalar(select(ReviewTask).where(ReviewTask.id == task_id).with_for_update())
    if task is None:
        raise NotFound("There is no such case.")
    if task.closed_at is not None or task.claimed_by != reviewer.id:
        raise ClaimLost("The case was decided or claimed by somebody else; nothing was recorded.")
    return task


def _take(session: Session, task: ReviewTask, ground: DecisionRecord, given: verdicts.Given) -> DecisionRecord | None:
    earlier = verdicts.standing(session, task)
    verdicts.require_another(task, earlier, given.by)
    if not earlier and not verdicts.needs_another(session, task, ground, given.said):
        return _close(session, task, ground, given, given.said)
    kept = verdicts.keep(session, task, given)
    settled = verdicts.settled(earlier, kept)
    if settled is None:
        verdicts.pass_on(session, task, kept)
        return None
    return _close(session, task, ground, given, settled, [*earlier, kept])


def _close(
    session: Session,
    task: ReviewTask,
    ground: DecisionRecord,
    given: verdicts.Given,
    settled: Said,
    took_part: Sequence[ReviewVerdict] = (),
) -> DecisionRecord:
    """Append the decision in the name of whoever completed it; the event names all who took part."""
    task.closed_at = func.now()
    record = decisions.append(
        session,
        task.application_id,
        Decision(settled.verdict, reasons.given(session, settled.verdict, settled.codes, ground), ground.policy),
        decisions.Grounds(ground.photo_id, ground.assessment_id, ground.models),
        user_id=given.by.id,
        note=given.note,
        said=[verdicts.told(one) for one in took_part],
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
