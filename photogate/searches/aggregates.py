"""How many decisions of which kind in which stretch of time, how often people disagree, and how long it all takes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from photogate.applications.tables import ActorKind

Edges = Sequence[datetime]
"""Where stretches of time begin, and at last where the last one ends."""


class Kind(StrEnum):
    """What decisions are told apart by; the words of the index begin so."""

    OUTCOME = "outcome"
    REASON = "reason"
    REVIEWER = "actor:user"
    POLICY = "policy"
    MODEL = "model"


class Share(NamedTuple):
    """So many of so many."""

    part: int
    whole: int


class Spread(NamedTuple):
    """Half of the values lie below the median, nine of ten below the other."""

    median: timedelta
    ninetieth: timedelta


_WORDS = """
    RECURSIVE word (term) AS (
        (SELECT term FROM decision_terms WHERE term > :kind || ':' AND term < :kind || ';' ORDER BY term LIMIT 1)
        UNION ALL
        SELECT (
            SELECT later.term FROM decision_terms AS later
            WHERE later.term > word.term AND later.term < :kind || ';' ORDER BY later.term LIMIT 1
        ) FROM word WHERE word.term IS NOT NULL
    )
"""
"""Steps from word to word in the index: as many look-ups as there are words, however many decisions there are."""

_STRETCHES = """
    stretch AS (
        SELECT * FROM unnest(CAST(:begins AS timestamptz[]), CAST(:ends AS timestamptz[]))
        WITH ORDINALITY AS s (begins, ends, number)
    )
"""

_KNOWN = text(f"WITH {_WORDS} SELECT term FROM word WHERE term IS NOT NULL")  # noqa: S608 - made of constants

_COUNTS = text(f"""
    WITH {_WORDS}, {_STRETCHES}
    SELECT word.term, array_agg(counted.decisions ORDER BY stretch.number)
    FROM word CROSS JOIN stretch CROSS JOIN LATERAL (
        SELECT count(*) AS decisions FROM decision_terms AS found
        WHERE found.term = word.term AND found.decided_at >= stretch.begins AND found.decided_at < stretch.ends
    ) AS counted
    WHERE word.term IS NOT NULL
    GROUP BY word.term
""")  # noqa: S608 - made of constants

_OVERRIDDEN = text(f"""
    WITH {_WORDS}, {_STRETCHES}
    SELECT
        count(*) FILTER (WHERE CASE ground.verdict
            WHEN 'in_review' THEN decision.verdict = 'approved' ELSE decision.verdict <> ground.verdict END),
        count(decision.id)
    FROM stretch
    LEFT JOIN (
        word JOIN decision_terms AS found ON found.term = word.term
        JOIN decisions AS decision ON decision.id = found.decision_id
        JOIN decisions AS ground ON ground.id = decision.supersedes_id
    ) ON found.decided_at >= stretch.begins AND found.decided_at < stretch.ends
    GROUP BY stretch.number ORDER BY stretch.number
""")  # noqa: S608 - made of constants

_DURATIONS = text(f"""
    WITH {_STRETCHES}
    SELECT
        stretch.number,
        percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY decision.created_at - photo.created_at)
    FROM stretch
    JOIN decisions AS decision ON decision.created_at >= stretch.begins AND decision.created_at < stretch.ends
    JOIN photos AS photo ON photo.id = decision.photo_id
    WHERE decision.actor_kind = CAST(:actor_kind AS actor_kind)
    GROUP BY stretch.number
""")  # noqa: S608 - made of constants


def words(session: Session, kind: Kind) -> Sequence[str]:
    """Every word of this kind that any decision was ever found by, in the order of the alphabet."""
    return [_word(kind, term) for term in session.scalars(_KNOWN, {"kind": kind})]


def counts(session: Session, kind: Kind, edges: Edges) -> Mapping[str, Sequence[int]]:
    """The decisions of each word, stretch by stretch."""
    found = session.execute(_COUNTS, {"kind": kind, **_stretches(edges)})
    return {_word(kind, term): decisions for term, decisions in found if any(decisions)}


def overridden(session: Session, edges: Edges) -> Sequence[Share]:
    """Of the decisions that people took, those that went against what they superseded.

    A person who approves what the policy had flagged goes against it, and so does one who says something else than an
    earlier decision that was no mere referral to people.
    """
    return [Share(*row) for row in session.execute(_OVERRIDDEN, {"kind": Kind.REVIEWER, **_stretches(edges)})]


def durations(session: Session, by: ActorKind, edges: Edges) -> Sequence[Spread | None]:
    """How long after a photo came in it was decided by a policy or by a person; None where nothing was."""
    rows = session.execute(_DURATIONS, {"actor_kind": by, **_stretches(edges)})
    found = {number: Spread(*spread) for number, spread in rows}
    return [found.get(number) for number in range(1, len(edges))]


def _word(kind: Kind, term: str) -> str:
    return term.removeprefix(f"{kind}:")


def _stretches(edges: Edges) -> dict[str, Any]:
    begins, ends = zip(*pairwise(edges), strict=True)
    return {"begins": list(begins), "ends": list(ends)}
