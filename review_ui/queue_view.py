"""The queue in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from photogate.access.tables import User
from photogate.applicants.master_keys import Kms
from photogate.reviews.tables import ReviewTask
from review_ui.personal import reference
from review_ui.sessions import may_decide
from review_ui.words import Moment, how_long, moment, plain_words


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One open case; `holder` is empty when nobody has it."""

    id: UUID
    reference: str
    client: str
    reasons: tuple[str, ...]
    opened: Moment
    waiting: str
    holder: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class QueueView:
    """The queue page; `waiting` counts all open cases, also those beyond the rows shown."""

    rows: tuple[QueueRow, ...]
    waiting: int
    may_decide: bool
    after: UUID | None


def queue_view(kms: Kms, tasks: Sequence[ReviewTask], waiting: int, user: User, after: UUID | None) -> QueueView:
    """The open cases as this person sees them."""
    now = datetime.now(UTC)
    return QueueView(tuple(_row(kms, task, user, now) for task in tasks), waiting, may_decide(user), after)


def _row(kms: Kms, task: ReviewTask, user: User, now: datetime) -> QueueRow:
    held = task.reviewer is not None and task.lease_until is not None and task.lease_until > now
    return QueueRow(
        id=task.id,
        reference=reference(kms, task.application),
        client=task.application.client,
        reasons=plain_words(reason["code"] for reason in task.decision.reasons),
        opened=moment(task.opened_at),
        waiting=how_long(now - task.opened_at),
        holder=task.reviewer.name if held and task.reviewer else "",
        is_mine=held and task.claimed_by == user.id,
    )
