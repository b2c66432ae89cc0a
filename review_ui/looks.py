"""Who saw what: a look at an applicant's page or picture is an event like any other."""

from uuid import UUID

from sqlalchemy.orm import Session

from photogate.access.tables import User
from photogate.audit import service as audit
from photogate.audit.tables import EventKind

PAGES = frozenset({"case", "timeline"})
LOOKS = frozenset({EventKind.CASE_VIEWED, EventKind.PICTURE_VIEWED})


def record(session: Session, user: User, application_id: UUID, seen: str, which: UUID) -> None:
    """Record that this person saw a page (`case`, `timeline`) or a picture (`review.jpg`, `crop.png`, `annotated.svg`).

    `which` is the case, the application or the photo.
    """
    kind = EventKind.CASE_VIEWED if seen in PAGES else EventKind.PICTURE_VIEWED
    audit.append(session, kind, f"user:{user.id}", application_id=application_id, seen=seen, which=str(which))
