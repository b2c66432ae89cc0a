"""A month of decisions for the audit pages: copies of real applications, each with a score of its own."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from photogate.access.tables import User
from photogate.applicants.master_keys import Kms
from photogate.applicants.service import unwrapped
from photogate.applications.photo_keys import keys_of, place
from photogate.applications.profiles import load_profile
from photogate.applications.tables import ActorKind, Application, DecisionRecord
from photogate.database import new_id
from photogate.reviews import reasons
from photogate.screening.decision import Decision, decide
from photogate.screening.measurements import Measurements
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from tests.copies import copy

Kind = TypeVar("Kind")

DAYS = 30
BUSY, QUIET = 26, 7
REVIEWERS = ["Ada Lovelace", "Ben Larsen", "Chidi Anagonye"]
PROFILE = load_profile("demo")
SECOND = {Verdict.APPROVED: 60, Verdict.RESUBMISSION_REQUESTED: 32, Verdict.REJECTED: 8}
BECAUSE = {ReasonCode.NOT_SHARP: 30, ReasonCode.FACE_OCCLUDED: 25, ReasonCode.EYES_CLOSED: 10}
SPREAD = 3
"""Of the scores' log-odds: one portrait in ten is unsure."""
SURE = 1e-6
ISSUED = 0.9


@dataclass(frozen=True, slots=True)
class Month:
    """Which applications are copied, each as often as its share says, and who decides what the policy does not."""

    session: Session
    kms: Kms
    patterns: Mapping[DecisionRecord, int]
    people: Sequence[User]
    draw: random.Random


def fill_month(
    session: Session, kms: Kms, shares: Mapping[UUID, int], people: Sequence[User], days: int = DAYS
) -> None:
    """Add decisions of the last days, fewer at weekends; `shares` are of applications that a policy decided."""
    patterns = {_pattern(session, application_id): share for application_id, share in shares.items()}
    month = Month(session, kms, patterns, people, random.Random(4))
    for day in (_today() - timedelta(days=ago) for ago in range(1, days)):
        busy = month.draw.randint(1, QUIET) if day.weekday() >= 5 else month.draw.randint(BUSY // 2, BUSY)
        for _ in range(busy):
            _story(month, day + timedelta(hours=month.draw.triangular(7, 19, 11)))


def made_by_policy(session: Session) -> Sequence[DecisionRecord]:
    """The decisions of the month that a policy made, oldest first, with what was measured."""
    by_policy = DecisionRecord.actor_kind == ActorKind.POLICY, DecisionRecord.created_at < _today()
    return session.scalars(
        select(DecisionRecord)
        .where(*by_policy)
        .order_by(DecisionRecord.created_at)
        .options(joinedload(DecisionRecord.assessment))
    ).all()


def _pattern(session: Session, application_id: UUID) -> DecisionRecord:
    of_application = select(DecisionRecord).where(DecisionRecord.application_id == application_id)
    first = of_application.where(DecisionRecord.user_id.is_(None)).options(joinedload(DecisionRecord.assessment))
    return session.scalars(first).one()


def _story(month: Month, at: datetime) -> None:
    pattern = _drawn(month.patterns, month.draw)
    found = _scored(pattern, month.draw)
    application, photo, assessment, first = (new_id() for _ in range(4))
    said = decide(found, PROFILE)
    session, decided = month.session, at + timedelta(seconds=month.draw.uniform(0.4, 3))
    copy(session, "applications", pattern.application_id, id=application, created_at=at, current_decision_id=None)
    resealed = _resealed(month, pattern.photo_id, photo)
    copy(session, "photos", pattern.photo_id, id=photo, application_id=application, created_at=at, sealed_key=resealed)
    copy(session, "assessments", pattern.assessment_id, id=assessment, photo_id=photo, measurements=found.to_json())
    theirs = {"application_id": application, "photo_id": photo, "assessment_id": assessment}
    copy(session, "decisions", pattern.id, id=first, created_at=decided, **theirs, **_told(said))
    last, at = first, decided
    if said.verdict is Verdict.IN_REVIEW:
        said, last, at = _by_person(month, pattern), new_id(), decided + timedelta(hours=month.draw.expovariate(1 / 2))
        by = {"user_id": month.draw.choice(month.people).id, "actor_kind": "person"}
        copy(session, "decisions", first, id=last, supersedes_id=first, created_at=at, **by, **_told(said))
    _close(month, application, last, said.verdict, at)


def _resealed(month: Month, pattern: UUID, photo: UUID) -> str:
    """The key of the pattern's pictures, which opens in one photo's row only, as another photo's row has it."""
    keys = keys_of(month.session, pattern)
    owner = unwrapped(month.kms, keys.applicant_id, keys.master_key_id, keys.wrapped_key)
    return "\\x" + owner.seal(owner.open(keys.sealed_key, place(pattern)), place(photo)).hex()


def _scored(pattern: DecisionRecord, draw: random.Random) -> Measurements:
    found = Measurements.from_json(pattern.assessment.measurements)
    p_real = min(max(found.p_real, SURE), 1 - SURE)
    odds = math.log(p_real / (1 - p_real)) + draw.gauss(0, SPREAD)
    return replace(found, p_real=1 / (1 + math.exp(-odds)))


def _by_person(month: Month, pattern: DecisionRecord) -> Decision:
    verdict, code = _drawn(SECOND, month.draw), _drawn(BECAUSE, month.draw)
    codes = [] if verdict is Verdict.APPROVED else [code]
    return Decision(verdict, reasons.given(month.session, verdict, codes, pattern), pattern.policy)


def _told(said: Decision) -> dict[str, object]:
    return {"verdict": said.verdict, "reasons": [reason.to_json() for reason in said.reasons]}


def _close(month: Month, application: UUID, last: UUID, verdict: Verdict, at: datetime) -> None:
    is_issued = verdict is Verdict.APPROVED and month.draw.random() < ISSUED
    month.session.execute(
        update(Application)
        .where(Application.id == application)
        .values(current_decision_id=last, status=verdict.value, updated_at=at, issued_at=at if is_issued else None)
    )


def _today() -> datetime:
    return datetime.now(UTC).replace(hour=0, minute=0, second=0)


def _drawn(shares: Mapping[Kind, int], draw: random.Random) -> Kind:
    return draw.choices(list(shares), list(shares.values()))[0]
