"""What a person must not see before they have judged for themselves, and what stays hidden until all have."""

from collections.abc import Collection, Iterable
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from photogate.access.tables import User
from photogate.audit.tables import Event
from photogate.errors import Forbidden
from photogate.reviews import queries
from photogate.reviews.tables import ReviewTask
from photogate.reviews.verdicts import judged_blind
from review_ui.looks import LOOKS
from review_ui.sessions import may_audit, may_decide


class Veil(StrEnum):
    """How much of a case is hidden.

    Before their verdict a person sees the photo and nothing else; after it, what the machine made of the photo too;
    whose photo it is and what others did, once the case is settled.
    """

    NONE = "none"
    LIFTED = "lifted"
    BLIND = "blind"


def veil(task: ReviewTask, user: User, *, is_blind: bool, has_spoken: bool) -> Veil:
    """What this person sees of a case; `is_blind` says that it is judged without the machine's word."""
    is_settled = task.closed_at is not None and task.golden_for is None
    if not is_blind or not may_decide(user) or is_settled:
        return Veil.NONE
    return Veil.LIFTED if has_spoken else Veil.BLIND


def veiled_photos(session: Session, user: User, photo_ids: Collection[UUID]) -> frozenset[UUID]:
    """The photos that this person has yet to judge blind; none for those who read everything on the timeline anyway."""
    if not may_decide(user) or may_audit(user):
        return frozenset()
    waiting = queries.unspoken(session, photo_ids, user)
    blind = judged_blind(session, waiting)
    return frozenset(task.photo_id for task in waiting if task.id in blind)


def require_unveiled(session: Session, user: User, photo_id: UUID) -> None:
    """Raise Forbidden for a photo that this person has yet to judge blind, whatever address they ask by."""
    if veiled_photos(session, user, [photo_id]):
        raise Forbidden("You judge this photo by itself. What the machine made of it is shown after your verdict.")


def shown(events: Iterable[Event], veil: Veil) -> list[Event]:
    """The events of a case's history; none as long as the case is veiled."""
    return [event for event in events if event.kind not in LOOKS and veil is Veil.NONE]


def name_of(task: ReviewTask) -> str:
    """What a veiled case is called: nothing of the applicant, of the client, or of why it came."""
    return f"Case {task.id.hex[-6:]}"
