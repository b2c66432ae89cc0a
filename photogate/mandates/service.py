"""Beginning a mandate, hearing what people say of sampled photos, falling back, and resuming."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from photogate.access.tables import Role, User
from photogate.applications.tables import DecisionRecord
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.database import table_of
from photogate.errors import Conflict, Forbidden, NotFound, Unprocessable
from photogate.mandates import queries
from photogate.mandates.tables import Change, Mandate, Standing
from photogate.screening.decision import machine_verdict
from photogate.screening.profile import IssuerProfile
from photogate.screening.reasons import Reason
from photogate.screening.risk import Risk, Tally, truth

MOST_WORDS = 500

_BEGIN = insert(table_of(Mandate)).on_conflict_do_nothing().returning(table_of(Mandate).c.model)


def begin(session: Session, profile: IssuerProfile, model: str, guarantee: Mapping[str, Any]) -> None:
    """Let a model decide alone under a profile that bounds the risk; again, and without a bound, nothing happens."""
    if profile.risk is None:
        return
    row = {"policy": profile.reference, "model": model, "risk": asdict(profile.risk), "guarantee": dict(guarantee)}
    if session.execute(_BEGIN, row).one_or_none():
        session.add(_standing(profile.reference, model, Change.BEGUN, Tally()))
        _tell(session, EventKind.MANDATE_BEGUN, "system", profile.reference, model, risk=row["risk"])


def hear(session: Session, record: DecisionRecord) -> None:
    """Count a person's decision about a sampled photo, and suspend what the bound can no longer be supported for.

    The last word about a photo counts, once. Whoever appends a person's decision calls this in the same transaction.
    """
    machine = queries.by_machine(session, record.photo_id)
    now = machine and queries.locked(session, machine.policy, machine.models)
    if not machine or not now:
        return
    risk = Risk(**now.mandate.risk)
    if risk.draws(record.application_id):
        said = machine_verdict(map(Reason.from_json, machine.reasons))
        shows = truth(record.verdict, [Reason.from_json(reason).code for reason in record.reasons])
        before = queries.judged_before(session, now, record.photo_id)
        tally = now.tally.counting(before.shows, said, times=-1) if before else now.tally
        after = _judged(now, risk, tally.counting(shows, said))
        after.photo_id, after.decision_id, after.machine, after.shows = record.photo_id, record.id, said, shows
        session.add(after)
        _tell_judged(session, now, after, record)


def resume(session: Session, policy: str, model: str, person: User, because: str) -> None:
    """Let the machine decide alone again, with an empty tally.

    Raises Forbidden unless the person is an admin, NotFound, Conflict when nothing is suspended, Unprocessable without
    a reason.
    """
    if person.role is not Role.ADMIN:
        raise Forbidden("Only admins let the machine decide alone again.")
    if not because.strip() or len(because) > MOST_WORDS:
        raise Unprocessable(f"Say why in at most {MOST_WORDS} characters; auditors read it.")
    now = queries.locked(session, policy, [model])
    if now is None:
        raise NotFound(f"There is no mandate of {model} under {policy}.")
    if not now.is_suspended:
        raise Conflict("Nothing is suspended; the machine decides alone.")
    after = _next(now, Change.RESUMED, Tally())
    after.round, after.user_id = now.round + 1, person.id
    session.add(after)
    words = {"because": because.strip(), **asdict(now.tally)}
    _tell(session, EventKind.MANDATE_RESUMED, f"user:{person.id}", policy, model, version=after.version, **words)


def _judged(now: Standing, risk: Risk, tally: Tally) -> Standing:
    """What is suspended stays so until a person resumes it, whatever comes later."""
    found = risk.estimates(tally)
    after = _next(now, Change.JUDGED, tally)
    after.approvals_suspended = now.approvals_suspended or found.placeholders_approved.is_refuted
    after.refusals_suspended = now.refusals_suspended or found.reals_refused.is_refuted
    return after


def _next(now: Standing, change: Change, tally: Tally) -> Standing:
    after = _standing(now.policy, now.model, change, tally)
    after.version, after.round = now.version + 1, now.round
    return after


def _standing(policy: str, model: str, change: Change, tally: Tally) -> Standing:
    """The first of its mandate, with nothing suspended."""
    flags = {"approvals_suspended": False, "refusals_suspended": False}
    return Standing(policy=policy, model=model, version=0, round=0, change=change, **flags, **asdict(tally))


def _tell_judged(session: Session, now: Standing, after: Standing, record: DecisionRecord) -> None:
    told = {"version": after.version, **asdict(after.tally)}
    of = {"application_id": record.application_id, "decision": str(record.id)}
    _tell(session, EventKind.MANDATE_JUDGED, f"user:{record.user_id}", now.policy, now.model, **told, **of)
    for part in ("approvals", "refusals"):
        if getattr(after, f"{part}_suspended") and not getattr(now, f"{part}_suspended"):
            _tell(session, EventKind.MANDATE_SUSPENDED, "system", now.policy, now.model, suspended=part, **told)


def _tell(session: Session, kind: EventKind, actor: str, policy: str, model: str, **details: Any) -> None:  # noqa: ANN401 - as audit.append
    audit.append(session, kind, actor, policy=policy, model=model, **details)
