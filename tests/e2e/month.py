"""A month of decisions for pictures of the audit pages: copies of one application's rows, by policy and by people."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from photogate.access.tables import User
from photogate.applications.tables import DecisionRecord
from photogate.database import new_id
from tests.copies import copy

DAYS = 30
BUSY, QUIET = 26, 7
REVIEWERS = ["Ada Lovelace", "Ben Larsen", "Chidi Anagonye"]
OUTCOMES = {"approved": 78, "in_review": 14, "resubmission_requested": 8}
REASONS = {"MULTIPLE_FACES": 50, "LOW_CONFIDENCE": 25, "NOT_SHARP": 15, "FACE_OCCLUDED": 10}
SECOND = {"approved": 60, "resubmission_requested": 32, "rejected": 8}


def fill_month(session: Session, application_id: UUID, people: Sequence[User]) -> None:
    """Add decisions of the last days, fewer at weekends; `application_id` is one that the policy sent to people."""
    by_policy = DecisionRecord.application_id == application_id, DecisionRecord.user_id.is_(None)
    pattern = session.scalars(select(DecisionRecord).where(*by_policy)).one()
    draw, today = random.Random(4), datetime.now(UTC).replace(hour=0, minute=0)
    for day in (today - timedelta(days=ago) for ago in range(1, DAYS)):
        for _ in range(draw.randint(1, QUIET) if day.weekday() >= 5 else draw.randint(BUSY // 2, BUSY)):
            _story(session, pattern, day + timedelta(hours=draw.triangular(7, 19, 11)), draw, people)


def _story(
    session: Session, pattern: DecisionRecord, at: datetime, draw: random.Random, people: Sequence[User]
) -> None:
    application, photo, made = new_id(), new_id(), new_id()
    outcome = _drawn(OUTCOMES, draw)
    reasons = [{**pattern.reasons[0], "code": _drawn(REASONS, draw)}] if outcome != "approved" else []
    decided = at + timedelta(seconds=draw.uniform(0.4, 3))
    copy(session, "applications", pattern.application_id, id=application)
    copy(session, "photos", pattern.photo_id, id=photo, application_id=application, created_at=at)
    theirs = {"application_id": application, "photo_id": photo, "verdict": outcome, "reasons": reasons}
    copy(session, "decisions", pattern.id, id=made, created_at=decided, **theirs)
    if outcome == "in_review":
        verdict = _drawn(SECOND, draw)
        said = {"verdict": verdict, "user_id": draw.choice(people).id, "actor_kind": "person"}
        if verdict == "approved":
            said["reasons"] = []
        later = decided + timedelta(hours=draw.expovariate(1 / 2))
        copy(session, "decisions", made, id=new_id(), supersedes_id=made, created_at=later, **said)


def _drawn(shares: dict[str, int], draw: random.Random) -> str:
    return draw.choices(list(shares), list(shares.values()))[0]
