"""What holds of an application as its rows tell it: seen with questions of the tests' own, not with the checker's."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, text
from sqlalchemy.orm import Session

from photogate.actors import breakages, queries
from photogate.actors.queries import Matter, as_waiting

CLOSED = {"rejected", "expired", "withdrawn", "erased"}

_SEEN = text("""
    SELECT a.id, a.status::text AS status, a.issued_at, p.held_at IS NOT NULL AS is_held,
        p.erased_at IS NOT NULL AS is_erased, a.current_decision_id AS current, d.verdict::text AS verdict,
        d.actor_kind::text AS actor_kind, d.policy,
        (SELECT count(*) FROM decisions x WHERE x.application_id = a.id) AS decisions,
        (SELECT array_agg(x.id) FROM decisions x WHERE x.application_id = a.id
            AND NOT EXISTS (SELECT FROM decisions y WHERE y.supersedes_id = x.id)) AS ends,
        (SELECT count(*) FROM decisions x WHERE x.application_id = a.id AND x.supersedes_id IS NULL) AS beginnings,
        (SELECT array_agg(r.decision_id) FROM print_releases r
            WHERE r.application_id = a.id AND r.ended_at IS NULL) AS released_on,
        (SELECT count(*) FROM review_verdicts v WHERE v.task_id = t.id AND v.round = t.round) AS verdicts,
        (SELECT count(*) FROM review_verdicts v JOIN review_verdicts w ON w.task_id = v.task_id AND w.round = v.round
            AND w.user_id = v.user_id AND w.id <> v.id JOIN review_tasks x ON x.id = v.task_id
            WHERE x.application_id = a.id) AS own_seconds,
        t.id AS task, t.claimed_by, t.lease_until > now() AS is_claimed,
        u.id AS undecided, (SELECT max(attempt) FROM photos x WHERE x.application_id = a.id) AS attempt
    FROM applications a JOIN applicants p ON p.id = a.applicant_id
    LEFT JOIN decisions d ON d.id = a.current_decision_id
    LEFT JOIN review_tasks t ON t.application_id = a.id AND t.closed_at IS NULL
    LEFT JOIN photos u ON u.application_id = a.id AND u.stage <> 'decided'
    WHERE a.id = ANY(:applications) ORDER BY a.id
""")

QUESTIONS: Mapping[str, TextClause] = {
    "what_is_seen": _SEEN,
    "who_is_next": queries.OF_APPLICATIONS,
    "what_is_broken": breakages.ABOUT,
}
"""Prepared by every connection of a house; the second and third are the programs' own."""


def ask(session: Session, question: str, applications: Collection[UUID]) -> Sequence[Row[Any]]:
    """The answers to one of the questions about these applications."""
    return session.execute(text(f"EXECUTE {question} (:applications)"), {"applications": list(applications)}).all()


@dataclass(frozen=True)
class Seen:
    """One application as it stands."""

    id: UUID
    status: str
    issued_at: datetime | None
    is_held: bool
    is_erased: bool
    current: UUID | None
    verdict: str | None
    actor_kind: str | None
    policy: str | None
    decisions: int
    ends: list[UUID] | None
    beginnings: int
    released_on: list[UUID] | None
    verdicts: int
    own_seconds: int
    task: UUID | None
    claimed_by: UUID | None
    is_claimed: bool | None
    undecided: UUID | None
    attempt: int

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.status not in CLOSED and not (self.status == "approved" and self.issued_at)


def look(session: Session, applications: Collection[UUID]) -> dict[UUID, Seen]:
    """These applications as they stand now."""
    return {row.id: Seen(*row) for row in ask(session, "what_is_seen", applications)}


def require_what_must_hold(session: Session, seen: Collection[Seen]) -> None:
    """The promises that hold after every step, whatever was done."""
    for one in seen:
        assert one.own_seconds == 0, "somebody was their own second person"
        nothing_is_released_without_a_current_approval(one)
        one_decision_is_current_and_the_chain_does_not_fork(one)
        an_erased_applicant_leaves_nothing_open(one)
    every_open_case_has_a_next_actor_and_a_deadline(session, seen)
    assert ask(session, "what_is_broken", [one.id for one in seen]) == []


def nothing_is_released_without_a_current_approval(one: Seen) -> None:
    for decision in one.released_on or ():
        assert (decision, one.verdict, one.status) == (one.current, "approved", "approved")


def one_decision_is_current_and_the_chain_does_not_fork(one: Seen) -> None:
    assert one.beginnings == min(one.decisions, 1)
    assert len(one.ends or ()) == min(one.decisions, 1)
    assert one.is_erased or [one.current] == (one.ends or [None])


def an_erased_applicant_leaves_nothing_open(one: Seen) -> None:
    assert not one.is_erased or (one.status, one.task, one.undecided) == ("erased", None, None)


def every_open_case_has_a_next_actor_and_a_deadline(session: Session, seen: Collection[Seen]) -> None:
    rows = [as_waiting(*row) for row in ask(session, "who_is_next", [one.id for one in seen])]
    assert [row for row in rows if row.actor is None or row.deadline is None] == []
    open_cases = sorted(one.id for one in seen if one.is_open)
    assert sorted(row.application_id for row in rows if row.matter is Matter.PHOTO) == open_cases
    held = sorted(one.id for one in seen if one.is_held)
    assert sorted(row.application_id for row in rows if row.matter is Matter.LEGAL_HOLD) == held
