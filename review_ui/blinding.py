"""What a person must not see before they have judged for themselves, and what stays hidden until all have."""

from collections.abc import Iterable
from enum import StrEnum

from photogate.access.tables import User
from photogate.audit.tables import Event
from photogate.reviews.tables import ReviewTask
from review_ui.looks import LOOKS
from review_ui.sessions import may_decide


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


def shown(events: Iterable[Event], veil: Veil) -> list[Event]:
    """The events of a case's history; none as long as the case is veiled."""
    return [event for event in events if event.kind not in LOOKS and veil is Veil.NONE]


def name_of(task: ReviewTask) -> str:
    """What a veiled case is called: nothing of the applicant, of the client, or of why it came."""
    return f"Case {task.id.hex[-6:]}"
