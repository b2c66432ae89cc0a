"""Every open case with whoever is next and by when, for auditors and for alarms."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import Field

from api.authentication import Auditor
from api.connections import Connected
from api.openapi import problems
from api.views import View
from photogate.actors import queries
from photogate.actors.breakages import Breakage, Rule, broken
from photogate.actors.queries import Actor, Count, Matter, Waiting
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.screening.verdicts import ApplicationStatus

router = APIRouter(prefix="/v1/audit/open-cases", tags=["Audit"])

MOST_BROKEN = 200
Asked = Actor | Literal["nobody"]


class CountView(View):
    """The open cases in which one actor is next; `actor` is null where something is broken."""

    actor: Actor | None
    open: int
    overdue: int
    oldest: datetime = Field(description="Since when the oldest of them waits.")
    next_deadline: datetime | None

    @classmethod
    def of(cls, count: Count) -> Self:
        """The count as it travels."""
        return cls(**count._asdict())


class WaitingView(View):
    """One open case."""

    application_id: UUID
    client: str
    status: ApplicationStatus
    matter: Matter = Field(description="`legal_hold`: whether the hold on the applicant is still needed.")
    actor: Actor | None
    deadline: datetime | None
    since: datetime
    is_overdue: bool

    @classmethod
    def of(cls, case: Waiting) -> Self:
        """The case as it travels."""
        return cls(**case._asdict())


class BrokenView(View):
    """A case that breaks a rule; what can be repaired without guessing is repaired within a minute."""

    application_id: UUID
    rule: Rule

    @classmethod
    def of(cls, breakage: Breakage) -> Self:
        """The breakage as it travels."""
        return cls(application_id=breakage.application_id, rule=breakage.rule)


class OpenCases(View):
    """How many cases wait for whom, which of them break a rule, and the most urgent of the actor that was asked for."""

    actors: list[CountView]
    broken: list[BrokenView]
    cases: list[WaitingView]


@router.get("", summary="Open cases and who is next", responses=problems(401, 403, 422, 503))
def read_open_cases(
    client: Auditor,
    connected: Connected,
    actor: Annotated[Asked | None, Query(description="Whose cases to list, the most urgent first.")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
) -> OpenCases:
    """Every application that has not ended, by whoever acts next; that it was asked for is recorded."""
    with connected.database.transaction() as session:
        audit.append(session, EventKind.AUDIT_QUERIED, client.actor, open_cases=actor or "all")
        cases = queries.waiting_for(session, None if actor == "nobody" else actor, most=limit) if actor else []
        return OpenCases(
            actors=[CountView.of(count) for count in queries.counts(session)],
            broken=[BrokenView.of(breakage) for breakage in broken(session, most=MOST_BROKEN)],
            cases=[WaitingView.of(case) for case in cases],
        )
