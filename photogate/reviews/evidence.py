"""What a reviewer judges by, as one tag: whoever decides says what they saw, and other evidence is refused."""

import hashlib

import rfc8785
from sqlalchemy import select
from sqlalchemy.orm import Session

from photogate.applications.tables import Assessment, DecisionRecord, Photo
from photogate.errors import PhotogateError
from photogate.reviews.tables import ReviewTask


class EvidenceChanged(PhotogateError):
    """What the case shows is no longer what the reviewer saw."""

    status, code, title = 412, "EVIDENCE_CHANGED", "The case has changed meanwhile"


def tag(session: Session, task: ReviewTask) -> str:
    """SHA-256, in hexadecimal, of the photo, its pictures, why the case is here, and the newest measurements."""
    photo = session.execute(
        select(Photo.sha256, Photo.crop_key, Photo.review_key).where(Photo.id == task.photo_id)
    ).one()
    ground = session.execute(
        select(DecisionRecord.id, DecisionRecord.reasons, DecisionRecord.policy).where(
            DecisionRecord.id == task.decision_id
        )
    ).one()
    measured = session.execute(
        select(Assessment.id, Assessment.measurements)
        .where(Assessment.photo_id == task.photo_id)
        .order_by(Assessment.created_at.desc(), Assessment.id.desc())
        .limit(1)
    ).one_or_none()
    seen = [[*photo], [str(ground.id), ground.reasons, ground.policy], measured and [str(measured[0]), measured[1]]]
    return hashlib.sha256(rfc8785.dumps(seen)).hexdigest()


def require_unchanged(seen: str, now: str) -> None:
    """Raise EvidenceChanged unless the reviewer saw what there is now."""
    if seen != now:
        raise EvidenceChanged("What this case rests on has changed since you opened it; look at it again.")
