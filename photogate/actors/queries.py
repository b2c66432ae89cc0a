"""Every open case with whoever acts next and by when: one question, for auditors, programs and the checker."""

# ruff: noqa: S608 - every question is made of constants

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from photogate.applications.tables import Stage
from photogate.releases.tables import ReleaseState
from photogate.reviews.tables import Seat
from photogate.screening.deadlines import USUAL
from photogate.screening.verdicts import ApplicationStatus, Verdict


class Actor(StrEnum):
    """Who can act next."""

    WORKER = "worker"
    REVIEWER = "reviewer"
    SECOND_REVIEWER = "second_reviewer"
    ADJUDICATOR = "adjudicator"
    APPLICANT = "applicant"
    ISSUER = "issuer"
    PRINTER = "printer"
    ADMIN = "admin"


class Matter(StrEnum):
    """What waits: the photo's own way, or the question whether a legal hold is still needed."""

    PHOTO = "photo"
    LEGAL_HOLD = "legal_hold"


class Waiting(NamedTuple):
    """One open case; without `actor` or `deadline` something is broken."""

    application_id: UUID
    client: str
    status: ApplicationStatus
    matter: Matter
    actor: Actor | None
    deadline: datetime | None
    since: datetime
    is_overdue: bool


class Count(NamedTuple):
    """The open cases of one actor: how many, how many past their deadline, and the oldest of them."""

    actor: Actor | None
    open: int
    overdue: int
    oldest: datetime
    next_deadline: datetime | None


def _days(deadline: str) -> str:
    """What the policy that decided says, or what is usual."""
    said = f"(policies.body #>> '{{deadlines,{deadline}}}')::int"
    return f"make_interval(days => coalesce({said}, {getattr(USUAL, deadline)}))"


_DECIDED = "LEFT JOIN decisions d ON d.id = a.current_decision_id AND d.verdict = '{verdict}'"
_POLICY = "LEFT JOIN policies ON policies.reference = d.policy"

_WORKER = f"""
    SELECT a.id AS application_id, a.client, a.status, '{Matter.PHOTO}' AS matter,
        CASE WHEN p.id IS NOT NULL THEN '{Actor.WORKER}' END AS actor,
        p.due_at AS deadline, coalesce(p.created_at, a.updated_at) AS since
    FROM applications a
    LEFT JOIN photos p ON p.application_id = a.id AND p.stage <> '{Stage.DECIDED}'
    WHERE a.status IN ('{ApplicationStatus.RECEIVED}', '{ApplicationStatus.PROCESSING}')
"""
_TASK = """
    LEFT JOIN review_tasks t
        ON t.application_id = a.id AND t.decision_id = a.current_decision_id
        AND t.closed_at IS NULL AND t.golden_for IS NULL
"""
_SEAT = f"""
    CASE t.awaits
        WHEN '{Seat.FIRST}' THEN '{Actor.REVIEWER}' WHEN '{Seat.SECOND}' THEN '{Actor.SECOND_REVIEWER}'
        WHEN '{Seat.ADJUDICATOR}' THEN '{Actor.ADJUDICATOR}'
    END
"""
_PEOPLE = f"""
    SELECT a.id, a.client, a.status, '{Matter.PHOTO}', {_SEAT}, t.due_at, coalesce(t.opened_at, a.updated_at)
    FROM applications a {_TASK}
    WHERE a.status IN ('{ApplicationStatus.IN_REVIEW}', '{ApplicationStatus.PENDING_SECOND_REVIEW}')
"""
APPLICANTS_DEADLINE = f"d.created_at + {_days('applicant_days')}"
"""Until when another photo may come, of the decision `d` that asked for it, and its row of `policies`."""
_APPLICANT = f"""
    SELECT a.id, a.client, a.status, '{Matter.PHOTO}',
        CASE WHEN d.id IS NOT NULL THEN '{Actor.APPLICANT}' END,
        {APPLICANTS_DEADLINE}, coalesce(d.created_at, a.updated_at)
    FROM applications a {_DECIDED.format(verdict=Verdict.RESUBMISSION_REQUESTED)} {_POLICY}
    WHERE a.status = '{ApplicationStatus.RESUBMISSION_REQUESTED}'
"""
# Nobody prints what a suspended machine approved alone: people decide it once somebody has asked for its release,
# and before that it begins with whoever may resume the machine.
_APPROVED = f"""
    SELECT a.id, a.client, a.status, '{Matter.PHOTO}',
        CASE
            WHEN d.id IS NULL THEN NULL
            WHEN t.id IS NOT NULL THEN {_SEAT}
            WHEN r.state = '{ReleaseState.RELEASED}' THEN '{Actor.PRINTER}'
            WHEN d.actor_kind = 'policy' AND EXISTS (
                SELECT FROM suspended s WHERE s.policy = d.policy AND d.models ? s.model
            ) THEN '{Actor.ADMIN}'
            ELSE '{Actor.ISSUER}'
        END,
        coalesce(t.due_at, r.expires_at, d.created_at + {_days("issuer_days")}),
        coalesce(t.opened_at, r.created_at, d.created_at, a.updated_at)
    FROM applications a {_DECIDED.format(verdict=Verdict.APPROVED)} {_POLICY} {_TASK}
    LEFT JOIN print_releases r
        ON r.application_id = a.id AND r.state IN ('{ReleaseState.HELD}', '{ReleaseState.RELEASED}')
    WHERE a.status = '{ApplicationStatus.APPROVED}' AND a.issued_at IS NULL
"""
_HELD = f"""
    SELECT a.id, a.client, a.status, '{Matter.LEGAL_HOLD}', '{Actor.ADMIN}',
        h.held_at + {_days("hold_days")}, h.held_at
    FROM applicants h JOIN applications a ON a.applicant_id = h.id
    LEFT JOIN decisions d ON d.id = a.current_decision_id {_POLICY}
    WHERE h.held_at IS NOT NULL
"""

NEXT_ACTORS = f"""
    WITH suspended AS MATERIALIZED (
        SELECT m.policy, m.model FROM mandates m CROSS JOIN LATERAL (
            SELECT approvals_suspended FROM mandate_standings s
            WHERE s.policy = m.policy AND s.model = m.model ORDER BY version DESC LIMIT 1
        ) AS newest WHERE newest.approvals_suspended
    )
    SELECT *, coalesce(deadline < now(), false) AS is_overdue FROM (
        {_WORKER} UNION ALL {_PEOPLE} UNION ALL {_APPLICANT} UNION ALL {_APPROVED} UNION ALL {_HELD}
    ) AS waiting
"""
"""All open cases: application_id, client, status, matter, actor, deadline, since, is_overdue.

Rejected, expired, withdrawn and erased applications are closed, and so is an approved one whose card was issued.
"""

_COUNTED = text(f"""
    SELECT actor, count(*), count(*) FILTER (WHERE is_overdue), min(since), min(deadline)
    FROM ({NEXT_ACTORS}) AS next_actors GROUP BY actor ORDER BY actor
""")
_OF_ACTOR = text(f"""
    SELECT * FROM ({NEXT_ACTORS}) AS next_actors
    WHERE actor IS NOT DISTINCT FROM CAST(:actor AS text) ORDER BY deadline NULLS FIRST, application_id LIMIT :most
""")
OF_APPLICATIONS = text(f"""
    SELECT * FROM ({NEXT_ACTORS}) AS next_actors WHERE application_id = ANY(:applications)
""")


def counts(session: Session) -> Sequence[Count]:
    """The open cases of every actor who has any, and of nobody, where something is broken."""
    return [Count(_actor(actor), *rest) for actor, *rest in session.execute(_COUNTED)]


def waiting_for(session: Session, actor: Actor | None, *, most: int) -> Sequence[Waiting]:
    """The cases in which this actor is next, or nobody, the most urgent first."""
    return [as_waiting(*row) for row in session.execute(_OF_ACTOR, {"actor": actor, "most": most})]


def waiting(session: Session, applications: Collection[UUID]) -> Sequence[Waiting]:
    """What is open of these applications."""
    return [as_waiting(*row) for row in session.execute(OF_APPLICATIONS, {"applications": list(applications)})]


def as_waiting(  # noqa: PLR0913, PLR0917 - the columns of the question
    application_id: UUID,
    client: str,
    status: str,
    matter: str,
    actor: str | None,
    deadline: datetime | None,
    since: datetime,
    is_overdue: bool,  # noqa: FBT001 - as above
) -> Waiting:
    """A row of the question."""
    return Waiting(
        application_id, client, ApplicationStatus(status), Matter(matter), _actor(actor), deadline, since, is_overdue
    )


def _actor(written: str | None) -> Actor | None:
    return None if written is None else Actor(written)
