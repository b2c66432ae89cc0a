"""Proposing what shall decide, approving it as a second person, withdrawing it, rolling back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from photogate.access.tables import Role, User
from photogate.applicants.master_keys import Kms
from photogate.applications import policies
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.errors import Conflict, Forbidden, Unprocessable
from photogate.fairness.service import require_fair
from photogate.mandates import service as mandates
from photogate.promotions import models, queries
from photogate.promotions.models import ModelFacts
from photogate.promotions.queries import InForce, Rules
from photogate.promotions.refusals import (
    NothingChanges,
    OwnProposal,
    ProfileRefused,
    ProposalSettled,
    ProposalStale,
)
from photogate.promotions.tables import SYSTEM, ModelRole, Promotion, Settlement, Slot
from photogate.screening.errors import ProfileError
from photogate.screening.profile import IssuerProfile, parse_profile

MOST_WORDS = 500

Gate = Callable[[Session, IssuerProfile, IssuerProfile, Kms], None]
"""Asked before rules go live, with the live profile and the proposed one; refuses by raising."""

GATES: tuple[Gate, ...] = (require_fair,)


@dataclass(frozen=True, slots=True)
class Change:
    """What shall be other than it is; None leaves a part as it is live."""

    policy: str | None = None
    model: str | None = None
    camera: str | None = None

    def of(self, live: Rules) -> Rules:
        """The live rules with this change."""
        return Rules(self.policy or live.policy, self.model or live.model, self.camera or live.camera)


def live(session: Session) -> InForce | None:
    """The policy and the models that decide; None where nobody has promoted and no worker has started yet."""
    return queries.in_force(session)


def adopt(session: Session, profile: IssuerProfile, model: ModelFacts, camera: ModelFacts | None) -> InForce:
    """What decides; where nobody has promoted anything, what the settings name, from now on.

    Raises PolicyChanged, ModelChanged, BoundUnsupported.
    """
    _hold(session)
    if there := live(session):
        return there
    policies.record(session, profile)
    for one in (model, camera):
        if one:
            models.record(session, one)
    first = Promotion(
        slot=Slot.LIVE,
        after=0,
        policy=profile.reference,
        model=model.reference,
        camera=camera and camera.reference,
        proposed_by=SYSTEM,
        because="What the settings name, because nobody had promoted anything.",
    )
    return _put_in_force(session, first, profile, SYSTEM, first.because)


def put_profile(session: Session, toml: str) -> IssuerProfile:
    """Put a profile on record, so that it can be proposed; raises ProfileRefused, PolicyChanged."""
    try:
        profile = parse_profile(toml)
    except (ProfileError, TypeError) as error:
        raise ProfileRefused(_sentence(str(error))) from error
    policies.record(session, profile)
    return profile


def propose(session: Session, person: User, change: Change, because: str, slot: Slot = Slot.LIVE) -> Promotion:
    """Propose to change what decides, or what judges beside it.

    Raises Forbidden unless the person is an admin, Unprocessable without a reason, NotFound for what is not on record,
    NothingChanges, BoundUnsupported, PolicyUnreadable, Conflict while nothing decides.
    """
    _require_admin(person)
    _require_words(because)
    rules = change.of(_live(session).rules)
    if rules == (now.rules if (now := queries.in_force(session, slot)) else None):
        raise NothingChanges(f"{_words(rules)} are in force already.")
    _usable(session, rules)
    return _proposed(session, person, slot, rules, because)


def propose_no_shadow(session: Session, person: User, because: str) -> Promotion:
    """Propose that nothing judges beside what decides; raises Forbidden, Unprocessable, NothingChanges."""
    _require_admin(person)
    _require_words(because)
    if queries.in_force(session, Slot.SHADOW) is None:
        raise NothingChanges("Nothing judges beside what decides.")
    return _proposed(session, person, Slot.SHADOW, None, because)


def roll_back(session: Session, person: User, number: int, because: str) -> Promotion:
    """Propose the rules of an earlier promotion; raises what `propose` raises, and NotFound."""
    before = queries.rules_of(queries.numbered(session, Slot.LIVE, number).promotion)
    if before is None:
        raise Conflict(f"Promotion {number} names no rules.")
    return propose(session, person, Change(before.policy, before.model, before.camera), because)


def approve(session: Session, person: User, promotion_id: UUID, because: str, kms: Kms) -> InForce | None:
    """Put a proposal in force as a second person; returns what is in force then, None after the end of a shadow.

    Raises Forbidden unless the person is an admin, OwnProposal, ProposalSettled, ProposalStale, Unfair,
    and what `propose` raises for rules that can no longer be used.
    """
    _require_admin(person)
    _require_words(because)
    wanted = _unsettled(session, promotion_id)
    if wanted.proposed_by == _actor(person):
        raise OwnProposal("Whoever proposed a change does not approve it; a second admin must look at it.")
    if wanted.after != queries.newest_number(session, wanted.slot):
        raise ProposalStale("Other rules were approved after this was proposed; propose it anew.")
    rules = queries.rules_of(wanted)
    if rules is None:
        _settle(session, wanted, _actor(person), because, number=wanted.after + 1)
        _tell(session, EventKind.RULES_PROMOTED, _actor(person), wanted, because, number=wanted.after + 1)
        return None
    profile = _usable(session, rules)
    if wanted.slot is Slot.LIVE:
        _pass_gates(session, profile, kms)
    return _put_in_force(session, wanted, profile, _actor(person), because)


def withdraw(session: Session, person: User, promotion_id: UUID, because: str) -> None:
    """Take a proposal back, or decline it; raises Forbidden unless the person is an admin, ProposalSettled."""
    _require_admin(person)
    _require_words(because)
    wanted = _unsettled(session, promotion_id)
    _settle(session, wanted, _actor(person), because, number=None)
    _tell(session, EventKind.RULES_WITHDRAWN, _actor(person), wanted, because)


def _proposed(session: Session, person: User, slot: Slot, rules: Rules | None, because: str) -> Promotion:
    wanted = Promotion(
        slot=slot,
        after=queries.newest_number(session, slot),
        policy=rules and rules.policy,
        model=rules and rules.model,
        camera=rules and rules.camera,
        proposed_by=_actor(person),
        because=because.strip(),
    )
    session.add(wanted)
    session.flush()
    _tell(session, EventKind.RULES_PROPOSED, wanted.proposed_by, wanted, because)
    return wanted


def _put_in_force(session: Session, wanted: Promotion, profile: IssuerProfile, by: str, because: str) -> InForce:
    """The mandate begins in the same transaction, so that nothing decides alone that no bound holds."""
    rules = queries.rules_of(wanted)
    if rules is None:
        raise LookupError("Rules without a policy cannot be put in force.")
    session.add(wanted)
    session.flush()
    number = wanted.after + 1
    settled = _settle(session, wanted, by, because, number=number)
    if wanted.slot is Slot.LIVE:
        kept = models.recorded(session, rules.model, ModelRole.CLASSIFIER)
        mandates.begin(session, profile, rules.model, models.supporting(profile, kept) or {})
    _tell(session, EventKind.RULES_PROMOTED, by, wanted, because, number=number, **_digests(session, rules))
    return InForce(number, rules, wanted.id, settled.created_at)


def _settle(session: Session, wanted: Promotion, by: str, because: str, *, number: int | None) -> Settlement:
    settled = Settlement(
        promotion_id=wanted.id,
        slot=wanted.slot,
        after=wanted.after,
        proposed_by=wanted.proposed_by,
        number=number,
        settled_by=by,
        because=because.strip(),
    )
    session.add(settled)
    session.flush()
    session.refresh(settled)
    return settled


def _usable(session: Session, rules: Rules) -> IssuerProfile:
    """The policy of rules whose parts are all on record and go together."""
    profile = policies.recorded(session, rules.policy)
    models.supporting(profile, models.recorded(session, rules.model, ModelRole.CLASSIFIER))
    if rules.camera:
        models.recorded(session, rules.camera, ModelRole.CAMERA)
    return profile


def _pass_gates(session: Session, proposed: IssuerProfile, kms: Kms) -> None:
    now = policies.recorded(session, _live(session).rules.policy)
    for gate in GATES:
        gate(session, now, proposed, kms)


def _live(session: Session) -> InForce:
    there = live(session)
    if there is None:
        raise Conflict("Nothing decides yet: a worker adopts what the settings name at its first start.")
    return there


def _unsettled(session: Session, promotion_id: UUID) -> Promotion:
    """The proposal, held so that nobody else settles any meanwhile."""
    _hold(session)
    wanted = queries.proposal(session, promotion_id)
    if wanted.settlement is not None:
        said = "withdrawn" if wanted.settlement.number is None else "approved"
        raise ProposalSettled(f"This proposal was {said} before.")
    return wanted


def _hold(session: Session) -> None:
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended("promotions", 0))))


def _require_admin(person: User) -> None:
    if person.role is not Role.ADMIN:
        raise Forbidden("Only admins change what decides.")


def _require_words(because: str) -> None:
    if not because.strip() or len(because) > MOST_WORDS:
        raise Unprocessable(f"Say why in at most {MOST_WORDS} characters; auditors read it.")


def _actor(person: User) -> str:
    return f"user:{person.id}"


def _words(rules: Rules) -> str:
    return f"{rules.policy} and {rules.model}"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."


def _digests(session: Session, rules: Rules) -> Mapping[str, str]:
    named = {
        "policy_sha256": policies.digest_of(policies.recorded(session, rules.policy)),
        "model_sha256": models.recorded(session, rules.model, ModelRole.CLASSIFIER).sha256,
    }
    if rules.camera:
        named["camera_sha256"] = models.recorded(session, rules.camera, ModelRole.CAMERA).sha256
    return named


def _tell(session: Session, kind: EventKind, actor: str, wanted: Promotion, because: str, **more: Any) -> None:  # noqa: ANN401 - as audit.append
    told: dict[str, Any] = {
        "promotion": str(wanted.id),
        "slot": wanted.slot.value,
        "after": wanted.after,
        "policy": wanted.policy,
        "model": wanted.model,
        "camera": wanted.camera,
        "because": because.strip(),
    }
    audit.append(session, kind, actor, **told, **more)
