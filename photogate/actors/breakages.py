"""What can break the rule that every open case has a next actor and a deadline, and where it is broken now."""

# ruff: noqa: S608 - every question is made of constants

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from photogate.actors.queries import NEXT_ACTORS


class Rule(StrEnum):
    """What must not be, in the order in which it is repaired: a later repair relies on the earlier ones."""

    DECISION_NOT_THE_LAST = "decision_not_the_last"
    PHOTO_WITHOUT_A_JOB = "photo_without_a_job"
    PHOTO_NEVER_DUE = "photo_never_due"
    STATUS_NOT_AS_DECIDED = "status_not_as_decided"
    CASE_ON_ANOTHER_DECISION = "case_on_another_decision"
    CLAIM_WITHOUT_END = "claim_without_end"
    NO_CASE_FOR_PEOPLE = "no_case_for_people"
    RELEASE_WITHOUT_ITS_APPROVAL = "release_without_its_approval"
    RELEASE_PAST_ITS_TIME = "release_past_its_time"
    ISSUED_AND_STILL_OPEN = "issued_and_still_open"
    PHOTO_BESIDE_THE_CASE = "photo_beside_the_case"
    NOBODY_IS_NEXT = "nobody_is_next"


class Breakage(NamedTuple):
    """One rule that is broken about one application."""

    rule: Rule
    application_id: UUID


_OPEN = "a.status IN ('received', 'processing', 'in_review', 'pending_second_review', 'resubmission_requested')"
_AT_WORK = "a.status IN ('received', 'processing')"
_WITH_PEOPLE = "a.status IN ('in_review', 'pending_second_review')"
_NOT_ISSUED = "a.status = 'approved' AND a.issued_at IS NULL"
_UNDECIDED = "SELECT FROM photos u WHERE u.application_id = a.id AND u.stage <> 'decided'"
_CASE = "SELECT FROM review_tasks t WHERE t.application_id = a.id AND t.closed_at IS NULL AND t.golden_for IS NULL"

# No lease and no pause is longer than some minutes; a day away is never.
_FAR = "now() + interval '1 day'"

# A condition that is asked of every open case stands before those that look into another table, which `CASE` keeps.
_FOUND: Mapping[Rule, str] = {
    Rule.DECISION_NOT_THE_LAST: f"""
        SELECT a.id FROM applications a
        WHERE ({_OPEN} OR {_NOT_ISSUED}) AND CASE
            WHEN a.current_decision_id IS NULL THEN EXISTS (SELECT FROM decisions d WHERE d.application_id = a.id)
            ELSE EXISTS (SELECT FROM decisions d WHERE d.supersedes_id = a.current_decision_id)
        END
    """,
    Rule.PHOTO_WITHOUT_A_JOB: f"""
        SELECT a.id FROM applications a
        CROSS JOIN LATERAL (
            SELECT p.id FROM photos p WHERE p.application_id = a.id ORDER BY p.attempt DESC LIMIT 1
        ) AS latest
        WHERE {_AT_WORK} AND NOT EXISTS ({_UNDECIDED})
            AND NOT EXISTS (SELECT FROM decisions d WHERE d.application_id = a.id AND d.photo_id = latest.id)
    """,
    Rule.PHOTO_NEVER_DUE: f"""
        SELECT a.id FROM applications a JOIN photos p ON p.application_id = a.id AND p.stage <> 'decided'
        WHERE {_AT_WORK} AND (p.due_at IS NULL OR p.due_at > {_FAR})
    """,
    Rule.STATUS_NOT_AS_DECIDED: f"""
        SELECT a.id FROM applications a JOIN decisions d ON d.id = a.current_decision_id
        WHERE ({_OPEN} OR {_NOT_ISSUED}) AND CASE
            WHEN d.verdict::text = CASE a.status
                WHEN 'pending_second_review' THEN 'in_review' ELSE a.status::text
            END THEN false
            ELSE NOT EXISTS ({_UNDECIDED}) AND d.photo_id = (
                SELECT p.id FROM photos p WHERE p.application_id = a.id ORDER BY p.attempt DESC LIMIT 1
            )
        END
    """,
    Rule.CASE_ON_ANOTHER_DECISION: """
        SELECT t.application_id FROM review_tasks t JOIN applications a ON a.id = t.application_id
        WHERE t.closed_at IS NULL AND t.golden_for IS NULL AND t.decision_id IS DISTINCT FROM a.current_decision_id
    """,
    Rule.CLAIM_WITHOUT_END: f"""
        SELECT t.application_id FROM review_tasks t LEFT JOIN users u ON u.id = t.claimed_by
        WHERE t.closed_at IS NULL AND t.golden_for IS NULL
            AND (t.lease_until > {_FAR} OR (t.lease_until > now() AND u.disabled_at IS NOT NULL))
    """,
    Rule.NO_CASE_FOR_PEOPLE: f"""
        SELECT a.id FROM applications a JOIN decisions d ON d.id = a.current_decision_id AND d.verdict = 'in_review'
        WHERE {_WITH_PEOPLE} AND NOT EXISTS ({_CASE})
    """,
    Rule.RELEASE_WITHOUT_ITS_APPROVAL: """
        SELECT r.application_id FROM print_releases r JOIN applications a ON a.id = r.application_id
        LEFT JOIN decisions d ON d.id = a.current_decision_id
        WHERE r.ended_at IS NULL
            AND (r.decision_id IS DISTINCT FROM a.current_decision_id OR d.verdict IS DISTINCT FROM 'approved')
    """,
    Rule.RELEASE_PAST_ITS_TIME: """
        SELECT r.application_id FROM print_releases r
        WHERE r.ended_at IS NULL AND r.expires_at < now() - interval '1 minute'
    """,
    Rule.ISSUED_AND_STILL_OPEN: f"""
        SELECT a.id FROM applications a JOIN print_releases r ON r.application_id = a.id AND r.state = 'issued'
        WHERE {_NOT_ISSUED}
    """,
    Rule.PHOTO_BESIDE_THE_CASE: f"""
        SELECT p.application_id FROM photos p JOIN applications a ON a.id = p.application_id
        WHERE p.due_at IS NOT NULL AND NOT {_AT_WORK}
    """,
    Rule.NOBODY_IS_NEXT: f"""
        SELECT n.application_id FROM ({NEXT_ACTORS}) AS n WHERE n.actor IS NULL OR n.deadline IS NULL
    """,
}
_ALL = " UNION ALL ".join(
    f"SELECT '{rule}' AS rule, {number} AS place, found.application_id FROM ({question}) AS found (application_id)"
    for number, (rule, question) in enumerate(_FOUND.items())
)
_ANYWHERE = text(f"SELECT rule, application_id FROM ({_ALL}) AS broken ORDER BY place LIMIT :most")
ABOUT = text(f"""
    SELECT rule, application_id FROM ({_ALL}) AS broken WHERE application_id = ANY(:applications) ORDER BY place
""")


def broken(session: Session, *, most: int) -> Sequence[Breakage]:
    """Whatever is broken anywhere, in the order of repair.

    One statement sees one moment, and everybody who changes a case does so in one transaction: what it finds is no
    work in progress.
    """
    return _first_of_each(session.execute(_ANYWHERE, {"most": most}))


def broken_about(session: Session, applications: Collection[UUID]) -> Sequence[Breakage]:
    """Whatever is broken about these applications, in the order of repair."""
    return _first_of_each(session.execute(ABOUT, {"applications": list(applications)}))


def _first_of_each(rows: Iterable[Row[str, UUID]]) -> Sequence[Breakage]:
    """One breakage an application: the others may be gone once it is repaired."""
    found: dict[UUID, Breakage] = {}
    for rule, application_id in rows:
        found.setdefault(application_id, Breakage(Rule(rule), application_id))
    return list(found.values())
