"""Appending a decision: the one way in which an application's standing changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from photogate.applications.tables import ActorKind, Application, DecisionRecord
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.errors import NotFound
from photogate.screening.decision import Decision
from photogate.screening.verdicts import ApplicationStatus


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a decision rests on: the photo, its assessment and the digests of the models that measured."""

    photo_id: UUID
    assessment_id: UUID | None
    models: Mapping[str, str]


def locked(session: Session, application_id: UUID, *, client: str | None = None) -> Application:
    """The application, held until the transaction ends so that nobody else decides meanwhile.

    Raises NotFound; for a client, also when the application is another's.
    """
    found = session.scalar(select(Application).where(Application.id == application_id).with_for_update())
    if found is None or (client is not None and found.client != client):
        raise NotFound("There is no such application.")
    return found


def append(
    session: Session,
    application: Application,
    decision: Decision,
    grounds: Grounds,
    *,
    user_id: UUID | None = None,
    note: str | None = None,
) -> DecisionRecord:
    """Add a decision that supersedes the current one; by a person when `user_id` names one, else by the policy.

    `application` must be `locked`.
    """
    record = DecisionRecord(
        application_id=application.id,
        photo_id=grounds.photo_id,
        assessment_id=grounds.assessment_id,
        supersedes_id=application.current_decision_id,
        verdict=decision.verdict,
        reasons=[reason.to_json() for reason in decision.reasons],
        policy=decision.policy,
        models=dict(grounds.models),
        actor_kind=ActorKind.PERSON if user_id else ActorKind.POLICY,
        user_id=user_id,
        note=note,
    )
    session.add(record)
    session.flush()
    application.current_decision_id = record.id
    application.status = ApplicationStatus(decision.verdict)
    audit.append(
        session,
        EventKind.DECISION_MADE,
        f"user:{user_id}" if user_id else f"policy:{decision.policy}",
        application_id=application.id,
        decision=str(record.id),
        verdict=decision.verdict.value,
        reasons=_codes(record.reasons),
    )
    return record


def _codes(reasons: Sequence[Mapping[str, str]]) -> list[str]:
    return [reason["code"] for reason in reasons]
