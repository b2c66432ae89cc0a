"""Four eyes: a first verdict waits, hidden, for a second; where they disagree an adjudicator has the last word."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from photogate.access.tables import Role, User
from photogate.applications.notes import Note, note_place
from photogate.applications.tables import Application, DecisionRecord, Policy
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.database import new_id
from photogate.errors import Conflict, Forbidden
from photogate.reviews.tables import ReviewTask, ReviewVerdict, Seat
from photogate.screening.decision import machine_verdict
from photogate.screening.four_eyes import FourEyes, Said
from photogate.screening.reasons import Reason, ReasonCode
from photogate.screening.verdicts import ApplicationStatus

LAST_WORD = frozenset({Role.ADJUDICATOR, Role.ADMIN})


class SamePerson(Conflict):
    """Nobody is their own second person."""

    code, title = "SAME_PERSON", "A case needs another person's verdict"


class AdjudicatorNeeded(Forbidden):
    """Two people disagree, and only an adjudicator settles that."""

    code, title = "ADJUDICATOR_NEEDED", "The last word is an adjudicator's"


@dataclass(frozen=True, slots=True)
class Given:
    """A verdict as it is given: whose, what, by which evidence, and a note."""

    by: User
    said: Said
    evidence: str
    note: Note | None


def standing(session: Session, task: ReviewTask) -> Sequence[ReviewVerdict]:
    """What people have said of a case in its present round, in the order in which they did."""
    return session.scalars(
        select(ReviewVerdict)
        .where(ReviewVerdict.task_id == task.id, ReviewVerdict.round == task.round)
        .order_by(ReviewVerdict.created_at)
    ).all()


def given_by(session: Session, task_id: UUID, user_id: UUID) -> ReviewVerdict | None:
    """What a person said of a case last, if they did."""
    mine = select(ReviewVerdict).where(ReviewVerdict.task_id == task_id, ReviewVerdict.user_id == user_id)
    return session.scalar(mine.order_by(ReviewVerdict.round.desc()).limit(1))


def require_another(task: ReviewTask, earlier: Sequence[ReviewVerdict], person: User) -> None:
    """Raise SamePerson or AdjudicatorNeeded when this is not the person whose word the case waits for."""
    if any(one.user_id == person.id for one in earlier):
        raise SamePerson("You have given your verdict on this case; somebody else looks at it now.")
    if task.awaits is Seat.ADJUDICATOR and person.role not in LAST_WORD:
        raise AdjudicatorNeeded("Two people disagree about this case, and an adjudicator settles it.")


def void_changed(session: Session, task: ReviewTask, evidence: str) -> None:
    """Void what was said of other evidence than there is now; the caller holds the case."""
    stale = [one for one in standing(session, task) if one.evidence != evidence]
    if not stale:
        return
    audit.append(
        session,
        EventKind.VERDICTS_VOIDED,
        "system",
        application_id=task.application_id,
        task=str(task.id),
        evidence=evidence,
        said=[told(one) for one in standing(session, task)],
    )
    task.round, task.awaits = task.round + 1, Seat.FIRST
    application = session.get_one(Application, task.application_id, with_for_update=True)
    if application.status is ApplicationStatus.PENDING_SECOND_REVIEW:
        application.status = ApplicationStatus.IN_REVIEW
    session.flush()


def needs_another(session: Session, task: ReviewTask, ground: DecisionRecord, said: Said) -> bool:
    """Whether the policy by which the case came here wants a second person's word after this one."""
    rule = _rules_of(session, [ground.policy]).get(ground.policy)
    found = [Reason.from_json(reason) for reason in ground.reasons]
    return rule is not None and rule.asks_after(task.application_id, found, machine_verdict(found), said)


def judged_blind(session: Session, tasks: Collection[ReviewTask]) -> frozenset[UUID]:
    """The cases, read with their decisions, that people judge without the machine's word.

    They are the sample, golden cases, and all of which it is known that one person's word will not be enough.
    """
    rules = _rules_of(session, {task.decision.policy for task in tasks})
    return frozenset(task.id for task in tasks if _is_blind(task, rules.get(task.decision.policy)))


def _is_blind(task: ReviewTask, rule: FourEyes | None) -> bool:
    found = [Reason.from_json(reason) for reason in task.decision.reasons]
    is_sampled = any(reason.code is ReasonCode.QUALITY_SAMPLE for reason in found)
    is_pending = task.awaits is not Seat.FIRST or task.round > 0 or task.golden_for is not None
    return is_sampled or is_pending or (rule is not None and rule.asks_beforehand(task.application_id, found))


def _rules_of(session: Session, policies: Iterable[str]) -> Mapping[str, FourEyes]:
    """What policies on record ask of two people, without those that ask nothing."""
    written = session.execute(select(Policy.reference, Policy.body["four_eyes"]).where(Policy.reference.in_(policies)))
    return {reference: FourEyes(**rule) for reference, rule in written if rule}


def keep(session: Session, task: ReviewTask, given: Given) -> ReviewVerdict:
    """Write down what somebody said, in the seat that the case waits for."""
    verdict_id = new_id()
    place = note_place(ReviewVerdict.__tablename__, verdict_id)
    kept = ReviewVerdict(
        id=verdict_id,
        task_id=task.id,
        round=task.round,
        seat=task.awaits,
        user_id=given.by.id,
        verdict=given.said.verdict,
        codes=[code.value for code in given.said.codes],
        evidence=given.evidence,
        sealed_note=given.note and given.note.sealed(session, task.application_id, place),
    )
    session.add(kept)
    session.flush()
    return kept


def settled(earlier: Sequence[ReviewVerdict], last: ReviewVerdict) -> Said | None:
    """What all of them together say; None while another person's word is needed."""
    if last.seat is Seat.ADJUDICATOR:
        return last.said
    if last.seat is Seat.SECOND and earlier[0].said.agrees_with(last.said):
        return earlier[0].said.joined_by(last.said)
    return None


def pass_on(session: Session, task: ReviewTask, kept: ReviewVerdict) -> None:
    """Free the case for the next person; what was said stands in no event until the case is settled."""
    task.awaits = Seat.ADJUDICATOR if kept.seat is Seat.SECOND else Seat.SECOND
    task.claimed_by = task.lease_until = None
    application = session.get_one(Application, task.application_id)
    if application.status is ApplicationStatus.IN_REVIEW:
        application.status = ApplicationStatus.PENDING_SECOND_REVIEW
    audit.append(
        session,
        EventKind.VERDICT_GIVEN,
        f"user:{kept.user_id}",
        application_id=task.application_id,
        task=str(task.id),
        verdict_id=str(kept.id),
    )
    session.flush()


def told(kept: ReviewVerdict) -> dict[str, Any]:
    """A verdict as events tell it."""
    return {
        "verdict_id": str(kept.id),
        "seat": kept.seat.value,
        "by": f"user:{kept.user_id}",
        "verdict": kept.verdict.value,
        "reasons": list(kept.codes),
    }
