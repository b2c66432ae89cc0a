"""Proposing what shall decide, approving it as a second person, withdrawing it, rolling back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import func, null, select
from sqlalchemy.orm import Session

from photogate.access.tables import Role, User
from photogate.applicants.master_keys import Kms
from photogate.applications import policies
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.errors import Conflict, Forbidden, Unprocessable
from photogate.fairness.hearing import Hearing
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


@dataclass(frozen=True, slots=True)
class Word:
    """Who says something about a proposal, as events name them, and why; `fairness` is what the gate of it found."""

    by: str
    because: str
    fairness: Mapping[str, Any] | None = None

    @classmethod
    def of(cls, person: User, because: str) -> "Word":
        """An admin's word; raises Forbidden, and Unprocessable without a reason."""
        if person.role is not Role.ADMIN:
            raise Forbidden("Only admins change what decides.")
        if not because.strip() or len(because) > MOST_WORDS:
            raise Unprocessable(f"Say why in at most {MOST_WORDS} characters; auditors read it.")
        return cls(f"user:{person.id}", because.strip())


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
    return _put_in_force(session, first, profile, Word(SYSTEM, first.because))


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
    word = Word.of(person, because)
    rules = change.of(_live(session).rules)
    if rules == (now.rules if (now := queries.in_force(session, slot)) else None):
        raise NothingChanges(f"{_words(rules)} are in force already.")
    _usable(session, rules)
    return _proposed(session, slot, rules, word)


def propose_no_shadow(session: Session, person: User, because: str) -> Promotion:
    """Propose that nothing judges beside what decides; raises Forbidden, Unprocessable, NothingChanges."""
    word = Word.of(person, because)
    if queries.in_force(session, Slot.SHADOW) is None:
        raise NothingChanges("Nothing judges beside what decides.")
    return _proposed(session, Slot.SHADOW, None, word)


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
    word = Word.of(person, because)
    wanted = _unsettled(session, promotion_id)
    if wanted.proposed_by == word.by:
        raise OwnProposal("Whoever proposed a change does not approve it; a second admin must look at it.")
    if wanted.after != queries.newest_number(session, wanted.slot):
        raise ProposalStale("Other rules were approved after this was proposed; propose it anew.")
    rules = queries.rules_of(wanted)
    if rules is None:
        _settle(session, wanted, word, number=wanted.after + 1)
        _tell(session, EventKind.RULES_PROMOTED, word, wanted, number=wanted.after + 1)
        return None
    profile = _usable(session, rules)
    if wanted.slot is Slot.LIVE:
        word = replace(word, fairness=_found_fair(session, rules, profile, kms))
    return _put_in_force(session, wanted, profile, word)


def withdraw(session: Session, person: User, promotion_id: UUID, because: str) -> None:
    """Take a proposal back, or decline it; raises Forbidden unless the person is an admin, ProposalSettled."""
    word = Word.of(person, because)
    wanted = _unsettled(session, promotion_id)
    _settle(session, wanted, word, number=None)
    _tell(session, EventKind.RULES_WITHDRAWN, word, wanted)


def _proposed(session: Session, slot: Slot, rules: Rules | None, word: Word) -> Promotion:
    wanted = Promotion(
        slot=slot,
        after=queries.newest_number(session, slot),
        policy=rules and rules.policy,
        model=rules and rules.model,
        camera=rules and rules.camera,
        proposed_by=word.by,
        because=word.because,
    )
    session.add(wanted)
    session.flush()
    _tell(session, EventKind.RULES_PROPOSED, word, wanted)
    return wanted


def _put_in_force(session: Session, wanted: Promotion, profile: IssuerProfile, word: Word) -> InForce:
    """The mandate begins in the same transaction, so that nothing decides alone that no bound holds."""
    rules = queries.rules_of(wanted)
    if rules is None:
        raise LookupError("Rules without a policy cannot be put in force.")
    session.add(wanted)
    session.flush()
    number = wanted.after + 1
    settled = _settle(session, wanted, word, number=number)
    if wanted.slot is Slot.LIVE:
        kept = models.recorded(session, rules.model, ModelRole.CLASSIFIER)
        mandates.begin(session, profile, rules.model, models.supporting(profile, kept) or {})
    more = {"fairness": word.fairness} if word.fairness else {}
    _tell(session, EventKind.RULES_PROMOTED, word, wanted, number=number, **_digests(session, rules), **more)
    return InForce(number, rules, wanted.id, settled.created_at)


def _settle(session: Session, wanted: Promotion, word: Word, *, number: int | None) -> Settlement:
    settled = Settlement(
        promotion_id=wanted.id,
        slot=wanted.slot,
        after=wanted.after,
        proposed_by=wanted.proposed_by,
        number=number,
        settled_by=word.by,
        because=word.because,
        fairness=word.fairness or null(),
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


def _found_fair(session: Session, rules: Rules, profile: IssuerProfile, kms: Kms) -> Mapping[str, Any] | None:
    now = _live(session).rules
    live = Hearing(policies.recorded(session, now.policy), now.model, now.camera)
    return require_fair(session, live, Hearing(profile, rules.model, rules.camera), kms)


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


def _tell(session: Session, kind: EventKind, word: Word, wanted: Promotion, **more: Any) -> None:  # noqa: ANN401 - as audit.append
    told: dict[str, Any] = {
        "promotion": str(wanted.id),
        "slot": wanted.slot.value,
        "after": wanted.after,
        "policy": wanted.policy,
        "model": wanted.model,
        "camera": wanted.camera,
        "because": word.because,
    }
    audit.append(session, kind, word.by, **told, **more)
