"""Golden cases: photos whose answer is known, shown to each person once, in the place of a case of their queue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, joinedload

from photogate.access.tables import Role, User
from photogate.applications.tables import ActorKind, Application, DecisionRecord, Photo
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.database import new_id
from photogate.errors import Conflict, Forbidden, NotFound, Unprocessable
from photogate.quality.tables import GoldenCase
from photogate.reviews import reasons
from photogate.reviews.tables import ReviewTask, ReviewVerdict
from photogate.screening.four_eyes import Said
from photogate.screening.sampling import is_drawn
from photogate.screening.verdicts import ApplicationStatus
from photogate.searches.tables import DecisionTerm

MOST_WORDS = 500
_SETTLED = (ApplicationStatus.APPROVED, ApplicationStatus.REJECTED, ApplicationStatus.RESUBMISSION_REQUESTED)


@dataclass(frozen=True, slots=True)
class Mixing:
    """Which share of a person's cases is golden, drawn by this seed, the person, the day and how far they are."""

    share: float
    seed: str


def add(session: Session, application_id: UUID, answer: Said, provenance: str, person: User) -> GoldenCase:
    """Make the last photo of a settled application golden, or say better what its answer is.

    Raises Forbidden unless the person is an admin, NotFound, Conflict while the application is open or when there is no
    picture to show, Unprocessable for an answer that nobody could give or without provenance.
    """
    if person.role is not Role.ADMIN:
        raise Forbidden("Only admins say what the answer to a golden case is.")
    if not provenance.strip() or len(provenance) > MOST_WORDS:
        raise Unprocessable(f"Say in at most {MOST_WORDS} characters how the answer is known; auditors read it.")
    photo, decision = _settled_photo(session, application_id)
    reasons.given(session, answer.verdict, answer.codes, decision)  # refuses an answer that nobody could give
    made = GoldenCase(
        id=new_id(),
        photo_id=photo.id,
        decision_id=decision.id,
        answer=answer.verdict,
        codes=[code.value for code in answer.codes],
        provenance=provenance.strip(),
        added_by=person.id,
    )
    session.add(made)
    audit.append(
        session,
        EventKind.GOLDEN_ADDED,
        f"user:{person.id}",
        application_id=application_id,
        golden=str(made.id),
        photo=str(photo.id),
        answer=made.answer.value,
        reasons=made.codes,
    )
    return made


def current(session: Session) -> Sequence[GoldenCase]:
    """The golden cases, each with the answer that counts, newest first."""
    newest = _newest().options(joinedload(GoldenCase.photo), joinedload(GoldenCase.person))
    return sorted(session.scalars(newest), key=lambda case: case.created_at, reverse=True)


def times_shown(session: Session) -> Mapping[UUID, int]:
    """To how many people each golden photo has been shown."""
    shown = select(ReviewTask.photo_id, func.count()).where(ReviewTask.golden_for.is_not(None))
    return {photo_id: people for photo_id, people in session.execute(shown.group_by(ReviewTask.photo_id))}  # noqa: C416 - rows are no pairs to mypy


def in_place_of(session: Session, task_id: UUID, reviewer: User, mixing: Mixing) -> UUID | None:
    """The golden case that this person is shown before the case that is next; None where it is that one's turn.

    Asked again, the answer is the same until they have given a verdict. The case looks as old as the one it precedes,
    and so does its id.
    """
    following = session.get_one(ReviewTask, task_id)
    if following.claimed_by == reviewer.id or following.golden_for is not None or _has_one(session, reviewer):
        return None
    turn = f"{reviewer.id} {_today():%Y-%m-%d} {_spoken_today(session, reviewer)}"
    if not is_drawn(turn.encode(), share=mixing.share, seed=mixing.seed):
        return None
    golden = session.scalar(_unseen(reviewer, mixing.seed))
    return None if golden is None else _show(session, golden, reviewer, following).id


def _show(session: Session, golden: GoldenCase, reviewer: User, following: ReviewTask) -> ReviewTask:
    shown = ReviewTask(
        id=_id_of(following.opened_at),
        application_id=session.get_one(Photo, golden.photo_id).application_id,
        photo_id=golden.photo_id,
        decision_id=golden.decision_id,
        opened_at=following.opened_at,
        due_at=following.due_at,
        golden_for=reviewer.id,
    )
    session.add(shown)
    session.flush()
    return shown


def _id_of(opened_at: datetime) -> UUID:
    """A UUIDv7 as it would have been made at that time (RFC 9562): its first 48 bits count milliseconds."""
    return UUID(bytes=int(opened_at.timestamp() * 1000).to_bytes(6) + new_id().bytes[6:])


def _settled_photo(session: Session, application_id: UUID) -> tuple[Photo, DecisionRecord]:
    application = session.get(Application, application_id)
    if application is None:
        raise NotFound("There is no such application.")
    if application.status not in _SETTLED:
        raise Conflict(f"The application is {application.status.value}; golden cases are settled ones.")
    last = select(Photo).where(Photo.application_id == application_id).order_by(Photo.attempt.desc()).limit(1)
    photo = session.scalars(last).one()
    by_machine = DecisionRecord.photo_id == photo.id, DecisionRecord.actor_kind == ActorKind.POLICY
    decision = session.scalar(select(DecisionRecord).where(*by_machine))
    if photo.review_key is None or photo.crop_key is None or decision is None:
        raise Conflict("There is no picture of this photo, or none any more.")
    return photo, decision


def _newest() -> Select[GoldenCase]:
    newest_first = GoldenCase.photo_id, GoldenCase.created_at.desc()
    return select(GoldenCase).ext(distinct_on(GoldenCase.photo_id)).order_by(*newest_first)


def _unseen(reviewer: User, seed: str) -> Select[GoldenCase]:
    """One that this person has neither been shown nor judged when it was real, in an order of their own."""
    was_shown = exists().where(ReviewTask.golden_for == reviewer.id, ReviewTask.photo_id == GoldenCase.photo_id)
    has_decided = exists().where(DecisionRecord.application_id == Application.id, DecisionRecord.user_id == reviewer.id)
    took_part = exists().where(
        ReviewTask.decision_id == GoldenCase.decision_id,
        ReviewTask.golden_for.is_(None),
        ReviewVerdict.task_id == ReviewTask.id,
        ReviewVerdict.user_id == reviewer.id,
    )
    return (
        select(GoldenCase)
        .join(Photo, Photo.id == GoldenCase.photo_id)
        .join(Application, Application.id == Photo.application_id)
        .where(
            ~was_shown,
            ~has_decided,
            ~took_part,
            Application.status.in_(_SETTLED),
            Photo.review_key.is_not(None),
            Photo.crop_key.is_not(None),
        )
        .order_by(func.md5(func.concat(GoldenCase.photo_id, reviewer.id, seed)))
        .limit(1)
    )


def _has_one(session: Session, reviewer: User) -> bool:
    is_open = exists().where(ReviewTask.golden_for == reviewer.id, ReviewTask.closed_at.is_(None))
    return bool(session.scalar(select(is_open)))


def _spoken_today(session: Session, reviewer: User) -> int:
    """How many verdicts this person has given today, by the index of decisions and by what waits or was golden."""
    decided = select(func.count()).where(
        DecisionTerm.term == f"actor:user:{reviewer.id}", DecisionTerm.decided_at >= _today()
    )
    said = select(func.count()).where(ReviewVerdict.user_id == reviewer.id, ReviewVerdict.created_at >= _today())
    return session.scalars(decided).one() + session.scalars(said).one()


def _today() -> datetime:
    return datetime.combine(datetime.now(UTC).date(), time(), UTC)
