"""The queue in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from photogate.access.tables import User
from photogate.applicants.master_keys import Kms
from photogate.reviews.tables import ReviewTask
from review_ui.blinding import name_of
from review_ui.case_view import why
from review_ui.personal import reference
from review_ui.sessions import may_decide
from review_ui.words import Moment, how_long, moment, plain_words

BLIND = "To be judged by the photo alone."


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One open case; `holder` is empty when nobody has it, `is_late` says that it should have been decided by now."""

    id: UUID
    reference: str
    client: str
    reasons: tuple[str, ...]
    opened: Moment
    waiting: str
    is_late: bool
    holder: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class QueueView:
    """The queue page; `waiting` counts all open cases, also those beyond the rows shown."""

    rows: tuple[QueueRow, ...]
    waiting: int
    may_decide: bool
    after: UUID | None


@dataclass(frozen=True, slots=True)
class Looking:
    """Who looks at the queue, which cases they judge blind, and coming from which case."""

    user: User
    blind: frozenset[UUID]
    after: UUID | None


def queue_view(kms: Kms, tasks: Sequence[ReviewTask], waiting: int, looking: Looking) -> QueueView:
    """The open cases as this person sees them."""
    now = datetime.now(UTC)
    rows = tuple(_row(kms, task, looking, now) for task in tasks)
    return QueueView(rows, waiting, may_decide(looking.user), looking.after)


def _row(kms: Kms, task: ReviewTask, looking: Looking, now: datetime) -> QueueRow:
    is_blind = task.id in looking.blind
    held = task.reviewer is not None and task.lease_until is not None and task.lease_until > now
    return QueueRow(
        id=task.id,
        reference=name_of(task) if is_blind else reference(kms, task.application),
        client="" if is_blind else task.application.client,
        reasons=(BLIND,) if is_blind else plain_words(reason.code for reason in why(task)),
        opened=moment(task.opened_at),
        waiting=how_long(now - task.opened_at),
        is_late=task.due_at < now,
        holder=task.reviewer.name if held and task.reviewer else "",
        is_mine=held and task.claimed_by == looking.user.id,
    )
