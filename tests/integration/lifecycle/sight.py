"""What holds of an application as its rows tell it: seen with questions of the tests' own, not with the checker's."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg2.extras import NamedTupleCursor, register_uuid
from sqlalchemy.engine import URL

from embedded.provision import connect
from photogate.actors import breakages, queries
from photogate.actors.queries import Matter, as_waiting

CLOSED = {"rejected", "expired", "withdrawn", "erased"}

_SEEN = """
    SELECT a.id, a.status::text AS status, a.issued_at, p.held_at IS NOT NULL AS is_held,
        p.erased_at IS NOT NULL AS is_erased, a.current_decision_id AS current, d.verdict::text AS verdict,
        d.actor_kind::text AS actor_kind, d.policy, d.models,
        (SELECT count(*) FROM decisions x WHERE x.application_id = a.id) AS decisions,
        (SELECT array_agg(x.id) FROM decisions x WHERE x.application_id = a.id
            AND NOT EXISTS (SELECT FROM decisions y WHERE y.supersedes_id = x.id)) AS ends,
        (SELECT count(*) FROM decisions x WHERE x.application_id = a.id AND x.supersedes_id IS NULL) AS beginnings,
        (SELECT array_agg(r.decision_id) FROM print_releases r
            WHERE r.application_id = a.id AND r.ended_at IS NULL) AS released_on,
        (SELECT count(*) FROM review_verdicts v WHERE v.task_id = t.id AND v.round = t.round) AS verdicts,
        (SELECT count(*) FROM decisions x JOIN review_tasks y ON y.decision_id = x.id AND y.golden_for IS NULL
            JOIN review_verdicts v ON v.task_id = y.id JOIN review_verdicts w ON w.task_id = v.task_id
            AND w.round = v.round AND w.user_id = v.user_id AND w.id <> v.id
            WHERE x.application_id = a.id) AS own_seconds,
        (SELECT array_agg(DISTINCT coalesce(v.user_id, x.user_id)) FROM decisions x
            LEFT JOIN review_tasks y ON y.decision_id = x.id AND y.golden_for IS NULL
            LEFT JOIN review_verdicts v ON v.task_id = y.id WHERE x.application_id = a.id) AS spoken,
        (SELECT count(*) FROM photos x JOIN mandate_standings s ON s.photo_id = x.id
            WHERE x.application_id = a.id) AS judged,
        (SELECT count(*) FROM decisions x WHERE x.application_id = a.id AND x.actor_kind = 'policy' AND NOT EXISTS (
            SELECT FROM (
                SELECT promotion_id FROM promotion_settlements
                WHERE slot = 'live' AND number IS NOT NULL AND created_at <= x.created_at ORDER BY number DESC LIMIT 1
            ) AS newest JOIN promotions p ON p.id = newest.promotion_id JOIN model_records m ON m.reference = p.model
            WHERE p.policy = x.policy AND x.models <@ jsonb_build_object(m.reference, m.sha256)
        )) AS misnamed,
        live.number AS promotion, live.is_bound,
        t.id AS task, t.claimed_by, t.lease_until > now() AS is_claimed,
        u.id AS undecided, (SELECT max(attempt) FROM photos x WHERE x.application_id = a.id) AS attempt
    FROM applications a JOIN applicants p ON p.id = a.applicant_id
    CROSS JOIN (
        SELECT s.number, EXISTS (SELECT FROM mandates m WHERE (m.policy, m.model) = (r.policy, r.model)) AS is_bound
        FROM promotion_settlements s JOIN promotions r ON r.id = s.promotion_id
        WHERE s.slot = 'live' AND s.number IS NOT NULL ORDER BY s.number DESC LIMIT 1
    ) AS live
    LEFT JOIN decisions d ON d.id = a.current_decision_id
    LEFT JOIN review_tasks t ON t.application_id = a.id AND t.closed_at IS NULL AND t.golden_for IS NULL
    LEFT JOIN photos u ON u.application_id = a.id AND u.stage <> 'decided'
    WHERE a.id = ANY(:applications) ORDER BY a.id
"""
_SUSPENDED = """
    SELECT m.policy, m.model, newest.approvals_suspended, newest.refusals_suspended
    FROM mandates m CROSS JOIN LATERAL (
        SELECT * FROM mandate_standings s WHERE s.policy = m.policy AND s.model = m.model ORDER BY version DESC LIMIT 1
    ) AS newest
    WHERE (newest.approvals_suspended OR newest.refusals_suspended) AND :applications IS NOT NULL ORDER BY 1, 2
"""

_IN_FORCE = """
    SELECT newest.number, p.policy, p.model, p.camera, p.id, newest.created_at
    FROM (VALUES ('live'), ('shadow')) AS slots (slot) CROSS JOIN LATERAL (
        SELECT * FROM promotion_settlements s WHERE s.slot = slots.slot AND number IS NOT NULL
        ORDER BY number DESC LIMIT 1
    ) AS newest JOIN promotions p ON p.id = newest.promotion_id
    WHERE :applications IS NOT NULL ORDER BY slots.slot
"""

QUESTIONS: Mapping[str, str] = {
    "what_is_seen": _SEEN,
    "what_is_suspended": _SUSPENDED,
    "what_is_in_force": _IN_FORCE,
    "who_is_next": queries.OF_APPLICATIONS.text,
    "what_is_broken": breakages.ABOUT.text,
}
"""The last two are the programs' own."""


class Eye:
    """A connection that only looks: what is asked after every step is planned once, for tables that grow."""

    def __init__(self, database: URL) -> None:
        self._connection = connect(database)
        self._cursor = self._connection.cursor(cursor_factory=NamedTupleCursor)
        register_uuid(conn_or_curs=self._cursor)
        self._cursor.execute("SET plan_cache_mode TO force_generic_plan; SET enable_seqscan TO off")
        for name, question in QUESTIONS.items():
            self._cursor.execute(f"PREPARE {name} (uuid[]) AS {question.replace(':applications', '$1')}")

    def ask(self, question: str, applications: Collection[UUID] = ()) -> Sequence[tuple[Any, ...]]:
        """The answers to one of the questions about these applications."""
        self._cursor.execute(f"EXECUTE {question} (%s::uuid[])", [list(applications)])
        return self._cursor.fetchall()

    def close(self) -> None:
        self._connection.close()


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
    models: dict[str, str] | None
    decisions: int
    ends: list[UUID] | None
    beginnings: int
    released_on: list[UUID] | None
    verdicts: int
    own_seconds: int
    spoken: list[UUID] | None
    judged: int
    misnamed: int
    promotion: int
    is_bound: bool
    task: UUID | None
    claimed_by: UUID | None
    is_claimed: bool | None
    undecided: UUID | None
    attempt: int

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.status not in CLOSED and not (self.status == "approved" and self.issued_at)


def look(eye: Eye, applications: Collection[UUID]) -> dict[UUID, Seen]:
    """These applications as they stand now."""
    return {row[0]: Seen(*row) for row in eye.ask("what_is_seen", applications)}


def require_what_must_hold(eye: Eye, seen: Collection[Seen]) -> None:
    """The promises that hold after every step, whatever was done."""
    for one in seen:
        assert one.own_seconds == 0, "somebody was their own second person"
        assert one.misnamed == 0, "a decision names other versions than were live"
        assert one.is_bound, "rules decide that nobody holds to their bound"
        nothing_is_released_without_a_current_approval(one)
        one_decision_is_current_and_the_chain_does_not_fork(one)
        an_erased_applicant_leaves_nothing_open(one)
    every_open_case_has_a_next_actor_and_a_deadline(eye, seen)
    assert eye.ask("what_is_broken", [one.id for one in seen]) == []


def nothing_is_released_without_a_current_approval(one: Seen) -> None:
    for decision in one.released_on or ():
        assert (decision, one.verdict, one.status) == (one.current, "approved", "approved")


def one_decision_is_current_and_the_chain_does_not_fork(one: Seen) -> None:
    assert one.beginnings == min(one.decisions, 1)
    assert len(one.ends or ()) == min(one.decisions, 1)
    assert one.is_erased or [one.current] == (one.ends or [None])


def an_erased_applicant_leaves_nothing_open(one: Seen) -> None:
    assert not one.is_erased or (one.status, one.task, one.undecided) == ("erased", None, None)


def every_open_case_has_a_next_actor_and_a_deadline(eye: Eye, seen: Collection[Seen]) -> None:
    rows = [as_waiting(*row) for row in eye.ask("who_is_next", [one.id for one in seen])]
    assert [row for row in rows if row.actor is None or row.deadline is None] == []
    open_cases = sorted(one.id for one in seen if one.is_open)
    assert sorted(row.application_id for row in rows if row.matter is Matter.PHOTO) == open_cases
    held = sorted(one.id for one in seen if one.is_held)
    assert sorted(row.application_id for row in rows if row.matter is Matter.LEGAL_HOLD) == held
