"""Rules, proposals and their history in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from photogate.access import users
from photogate.access.tables import User
from photogate.promotions import queries
from photogate.promotions.changes import changes
from photogate.promotions.differences import Difference
from photogate.promotions.queries import InForce, Rules
from photogate.promotions.tables import ModelRole, Promotion, Settlement, Slot
from review_ui.fairness_view import EvidenceRow, evidence_rows
from review_ui.words import Moment, actor, moment

AT_ONCE = 20
NONE_BESIDE = "Nothing judges beside what decides"


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody did something at some time, and why."""

    who: str
    at: Moment
    because: str


@dataclass(frozen=True, slots=True)
class InForceRow:
    """The rules of one promotion, and by what they were found fair; `approved` is empty of a first adoption."""

    number: int
    rules: tuple[str, ...]
    proposed: Step
    approved: Step
    fairness: tuple[EvidenceRow, ...]
    is_now: bool


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """What waits for a second person, with what it would change of the live rules."""

    id: UUID
    title: str
    rules: tuple[str, ...]
    changes: tuple[Difference, ...]
    proposed: Step
    is_own: bool
    is_stale: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What is on record and can be proposed."""

    policies: tuple[str, ...]
    models: tuple[str, ...]
    cameras: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RulesView:
    """The page of rules; `next` is where the older history begins."""

    live: InForceRow | None
    shadow: InForceRow | None
    proposals: tuple[ProposalRow, ...]
    history: tuple[InForceRow, ...]
    withdrawn: tuple[InForceRow, ...]
    choices: Choices
    may_change: bool
    next: int | None


def rules_view(session: Session, reader: User, before: int | None, *, may_change: bool) -> RulesView:
    """Read and told within one transaction."""
    live, shadow = (queries.in_force(session, slot) for slot in Slot)
    history = queries.approved(session, Slot.LIVE, before=before, limit=AT_ONCE)
    beside = queries.approved(session, Slot.SHADOW, limit=1) if shadow else ()
    waiting, withdrawn = queries.waiting(session), queries.withdrawn(session, limit=AT_ONCE)
    now = queries.approved(session, Slot.LIVE, limit=1)
    names = _names(session, [*history, *beside, *withdrawn, *now], waiting)
    numbers = {slot: queries.newest_number(session, slot) for slot in Slot}
    last = history[-1].number if history else None
    return RulesView(
        live=_in_force(now[0], names, live) if now else None,
        shadow=_in_force(beside[0], names, shadow) if beside else None,
        proposals=tuple(_proposal(session, one, live, reader, names, numbers) for one in waiting),
        history=tuple(_in_force(settled, names, live) for settled in history),
        withdrawn=tuple(_in_force(settled, names, None) for settled in withdrawn),
        choices=_choices(session),
        may_change=may_change,
        next=last if last and last > 1 else None,
    )


def _in_force(settled: Settlement, names: Mapping[str, str], now: InForce | None) -> InForceRow:
    promotion = settled.promotion
    return InForceRow(
        number=settled.number or 0,
        rules=_parts(queries.rules_of(promotion)),
        proposed=Step(actor(promotion.proposed_by, names), moment(promotion.created_at), promotion.because),
        approved=Step(actor(settled.settled_by, names), moment(settled.created_at), settled.because),
        fairness=evidence_rows(settled.fairness),
        is_now=now is not None and now.promotion_id == promotion.id,
    )


def _proposal(
    session: Session,
    wanted: Promotion,
    live: InForce | None,
    reader: User,
    names: Mapping[str, str],
    numbers: Mapping[Slot, int],
) -> ProposalRow:
    rules = queries.rules_of(wanted)
    return ProposalRow(
        id=wanted.id,
        title="To decide" if wanted.slot is Slot.LIVE else "To judge beside, without deciding",
        rules=_parts(rules),
        changes=changes(session, live.rules, rules) if live else (),
        proposed=Step(actor(wanted.proposed_by, names), moment(wanted.created_at), wanted.because),
        is_own=wanted.proposed_by == f"user:{reader.id}",
        is_stale=wanted.after != numbers[wanted.slot],
    )


def _parts(rules: Rules | None) -> tuple[str, ...]:
    if rules is None:
        return (NONE_BESIDE,)
    return tuple(part for part in (rules.policy, rules.model, rules.camera) if part)


def _choices(session: Session) -> Choices:
    models = queries.models(session)
    of_role = {role: tuple(one.reference for one in models if one.role is role) for role in ModelRole}
    known = tuple(kept.reference for kept in queries.policies(session))
    return Choices(known, of_role[ModelRole.CLASSIFIER], of_role[ModelRole.CAMERA])


def _names(session: Session, settled: Sequence[Settlement], waiting: Iterable[Promotion]) -> Mapping[str, str]:
    who = {name for one in settled for name in (one.settled_by, one.proposed_by)} | {one.proposed_by for one in waiting}
    ids = [UUID(written.removeprefix("user:")) for written in who if written.startswith("user:")]
    return {str(person): name for person, name in users.names_of(session, ids).items()}
