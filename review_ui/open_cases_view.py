"""Open cases in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from photogate.actors.breakages import Breakage
from photogate.actors.queries import Actor, Count, Matter, Waiting
from review_ui.words import ACTORS, RULES, Moment, how_long, moment

NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class ActorRow:
    """How much waits for one actor; `tone` says that something is late or that nobody is next."""

    name: str
    address: str
    open: str
    overdue: str
    oldest: str
    deadline: Moment | None
    tone: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One open case."""

    application_id: UUID
    client: str
    status: str
    waits: str
    deadline: Moment | None
    is_overdue: bool
    tone: str


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A case that breaks a rule."""

    application_id: UUID
    words: str


@dataclass(frozen=True, slots=True)
class OpenCasesView:
    """The page of open cases; `is_cut` when there are more than those shown."""

    actors: tuple[ActorRow, ...]
    cases: tuple[CaseRow, ...]
    broken: tuple[BrokenRow, ...]
    chosen: str
    is_cut: bool


def open_cases_view(
    counted: Sequence[Count], cases: Sequence[Waiting], faults: Sequence[Breakage], actor: str | None
) -> OpenCasesView:
    """Everything that waits, and the cases of the chosen actor."""
    now = datetime.now(UTC)
    of_actor = sum(count.open for count in counted if _key(count.actor) == actor)
    return OpenCasesView(
        actors=tuple(_actor_row(count, now, actor) for count in counted),
        cases=tuple(_case_row(case, now) for case in cases),
        broken=tuple(BrokenRow(fault.application_id, RULES[fault.rule]) for fault in faults),
        chosen=f"Next is {_name(None if actor == NOBODY else Actor(actor)).lower()}" if actor else "",
        is_cut=of_actor > len(cases),
    )


def _actor_row(count: Count, now: datetime, chosen: str | None) -> ActorRow:
    return ActorRow(
        name=_name(count.actor),
        address=f"/audit/open-cases?actor={_key(count.actor)}",
        open=f"{count.open:,}",
        overdue=f"{count.overdue:,}",
        oldest=how_long(now - count.oldest),
        deadline=moment(count.next_deadline) if count.next_deadline else None,
        tone="bad" if count.actor is None or count.overdue else "",
        is_chosen=_key(count.actor) == chosen,
    )


def _case_row(case: Waiting, now: datetime) -> CaseRow:
    is_hold = case.matter is Matter.LEGAL_HOLD
    return CaseRow(
        application_id=case.application_id,
        client=case.client,
        status="legal hold" if is_hold else case.status.value.replace("_", " "),
        waits=how_long(now - case.since),
        deadline=moment(case.deadline) if case.deadline else None,
        is_overdue=case.is_overdue,
        tone="bad" if case.is_overdue or case.deadline is None else "",
    )


def _name(actor: Actor | None) -> str:
    return "Nobody" if actor is None else ACTORS[actor]


def _key(actor: Actor | None) -> str:
    return NOBODY if actor is None else actor.value
