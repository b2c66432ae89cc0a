"""How many photos an application may have: the profile allows so many further ones, and nobody asks for more.

The limit holds where a photo is asked for. Whoever was asked may send one, even if the profile allows fewer by then.
"""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from photogate.applications.tables import Photo, Policy
from photogate.errors import Conflict


class ResubmissionLimit(Conflict):
    """All photos that the profile allows were sent; a person approves the last one or rejects the application."""

    code, title = "RESUBMISSION_LIMIT", "No other photo can be sent for this application"


def is_last(session: Session, photo_id: UUID, policy: str) -> bool:
    """Whether the policy that decided, `name@version`, allows no photo after this one."""
    body = session.scalar(select(Policy.body).where(Policy.reference == policy))
    return body is not None and session.get_one(Photo, photo_id).attempt > int(body["max_resubmissions"])


def require_another(session: Session, photo_id: UUID, policy: str) -> None:
    """Raise ResubmissionLimit where no photo may be asked for after this one."""
    if is_last(session, photo_id, policy):
        raise ResubmissionLimit("This was the last photo that the profile allows: approve it, or reject it.")


def sent(session: Session, application_id: UUID) -> int:
    """How many photos an application has."""
    return session.scalars(select(func.count()).where(Photo.application_id == application_id)).one()
