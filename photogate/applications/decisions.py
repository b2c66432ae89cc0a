"""Appending a decision: the one way in which an application's standing changes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from photogate.applications.notes import Note, note_place
from photogate.applications.tables import ActorKind, Application, DecisionRecord
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.database import given, new_id, parameters, table_of
from photogate.errors import NotFound
from photogate.outbox.statement import left_for, message
from photogate.screening.decision import Decision
from photogate.screening.facts import facts
from photogate.screening.risk import REFUSED
from photogate.screening.verdicts import ApplicationStatus

_APPLICATIONS = table_of(Application)


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


_DECISIONS = table_of(DecisionRecord)
_GIVEN = [column.name for column in _DECISIONS.c if column.name not in {"supersedes_id", "created_at"}]
_HELD = (
    select(_APPLICATIONS.c.current_decision_id)
    .where(_APPLICATIONS.c.id == bindparam("of_application"))
    .with_for_update()
    .cte("held")
)
_ADDED = (
    insert(_DECISIONS)
    .from_select(
        [*_GIVEN, "supersedes_id"],
        select(*given(_DECISIONS, *_GIVEN), _HELD.c.current_decision_id),
    )
    .returning(_DECISIONS.c.id, _DECISIONS.c.application_id, _DECISIONS.c.supersedes_id)
    .cte("added")
)
_MOVED_ON = (
    update(_APPLICATIONS)
    .where(_APPLICATIONS.c.id == _ADDED.c.application_id)
    .values(current_decision_id=_ADDED.c.id, status=bindparam("now"))
    .cte("moved_on")
)
_APPEND = select(_ADDED.c.supersedes_id).add_cte(_MOVED_ON, audit.told_by(_ADDED))
"""Holds the application, adds the decision and its event, moves the application on: one statement for every photo."""

_CLIENT = select(_APPLICATIONS.c.client).where(_APPLICATIONS.c.id == bindparam("of_application")).scalar_subquery()
_APPEND_AND_TELL = _APPEND.add_cte(left_for(_CLIENT))
"""The same, and the client's webhooks hear of it."""


def append(
    session: Session,
    application_id: UUID,
    decision: Decision,
    grounds: Grounds,
    *,
    user_id: UUID | None = None,
    note: Note | None = None,
    said: Sequence[Mapping[str, object]] = (),
) -> DecisionRecord:
    """Add a decision that supersedes the current one; by a person when `user_id` names one, else by the policy.

    Where several people took part, `said` tells the event what each of them said.

    Holds the application until the transaction ends. What is returned is the row as it was written, not of `session`.
    Raises Erased for a note about an erased applicant, KeyMissing.
    """
    decision_id = new_id()
    record = {
        "id": decision_id,
        "application_id": application_id,
        "photo_id": grounds.photo_id,
        "assessment_id": grounds.assessment_id,
        "verdict": decision.verdict,
        "reasons": [reason.to_json() for reason in decision.reasons],
        "policy": decision.policy,
        "models": dict(grounds.models),
        "actor_kind": ActorKind.PERSON if user_id else ActorKind.POLICY,
        "user_id": user_id,
        "sealed_note": note and note.sealed(session, application_id, note_place(_DECISIONS.name, decision_id)),
    }
    told = audit.event(
        EventKind.DECISION_MADE,
        f"user:{user_id}" if user_id else f"policy:{decision.policy}",
        application_id,
        decision=str(decision_id),
        verdict=decision.verdict.value,
        reasons=[reason.code.value for reason in decision.reasons],
        **({"said": list(said)} if said else {}),
    )
    now = ApplicationStatus(decision.verdict)
    moved = {"of_application": application_id, "now": now}
    row = {**parameters(_DECISIONS, record), **moved, **told}
    if decision.verdict in REFUSED:
        row |= message(f"application.{now.value}", _for_client(record))
    statement = _APPEND_AND_TELL if decision.verdict in REFUSED else _APPEND
    superseded = session.execute(statement, row).scalar_one()
    return DecisionRecord(**record, supersedes_id=superseded)


def _for_client(record: Mapping[str, Any]) -> dict[str, object]:
    """What webhooks say of a refusal: codes and figures that may leave, and where the words are, in any language."""
    return {
        "application_id": str(record["application_id"]),
        "decision_id": str(record["id"]),
        "status": ApplicationStatus(record["verdict"]).value,
        "reasons": [fact.to_json() for fact in facts(record["reasons"])],
        "application": f"/v1/applications/{record['application_id']}",
    }
