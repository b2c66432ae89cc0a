"""How many decisions of which kind in which stretch of time, how often people disagree, and how long it all takes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

Edges = Sequence[datetime]
"""Where stretches of time begin, and at last where the last one ends."""


class Kind(StrEnum):
    """What decisions are told apart by; the words of the index begin so."""

    OUTCOME = "outcome"
    REASON = "reason"
    REVIEWER = "actor:user"
    POLICY = "policy"
    MODEL = "model"


class Spread(NamedTuple):
    """Half of the values lie below the median, nine of ten below the other."""

    median: timedelta
    ninetieth: timedelta


class People(NamedTuple):
    """How many decisions people made, how many of them against what they superseded, and how long after the photo.

    Who approves what the policy had flagged goes against it, and so does who says something else than an earlier
    decision that was no mere referral to people.
    """

    overriding: int
    made: int
    taken: Spread | None


NOBODY = People(0, 0, None)
MOST_MEASURED = 5_000

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

_BY_PEOPLE = text(f"""
    WITH {_WORDS}, {_STRETCHES}
    SELECT
        stretch.number,
        count(*) FILTER (WHERE CASE ground.verdict
            WHEN 'in_review' THEN made.verdict = 'approved' ELSE made.verdict <> ground.verdict END),
        count(*),
        percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY made.created_at - photo.created_at)
    FROM stretch CROSS JOIN word
    CROSS JOIN LATERAL (
        SELECT decision_id FROM decision_terms AS entry
        WHERE entry.term = word.term AND entry.decided_at >= stretch.begins AND entry.decided_at < stretch.ends OFFSET 0
    ) AS found
    CROSS JOIN LATERAL (SELECT * FROM decisions WHERE id = found.decision_id OFFSET 0) AS made
    CROSS JOIN LATERAL (SELECT verdict FROM decisions WHERE id = made.supersedes_id OFFSET 0) AS ground
    CROSS JOIN LATERAL (SELECT created_at FROM photos WHERE id = made.photo_id OFFSET 0) AS photo
    GROUP BY stretch.number
""")  # noqa: S608 - made of constants
"""OFFSET 0 has each row looked up by itself: the people's decisions are few, and nobody reads whole tables for them."""

_BY_POLICY = text(f"""
    WITH {_STRETCHES}
    SELECT
        stretch.number,
        percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY made.created_at - photo.created_at)
    FROM stretch CROSS JOIN LATERAL (
        SELECT created_at, photo_id FROM decisions
        WHERE created_at >= stretch.begins AND created_at < stretch.ends AND actor_kind = 'policy'
        ORDER BY created_at, id LIMIT {MOST_MEASURED}
    ) AS made
    JOIN photos AS photo ON photo.id = made.photo_id
    GROUP BY stretch.number
""")  # noqa: S608 - made of constants


def words(session: Session, kind: Kind) -> Sequence[str]:
    """Every word of this kind that any decision was ever found by, in the order of the alphabet."""
    return [_word(kind, term) for term in session.scalars(_KNOWN, {"kind": kind})]


def counts(session: Session, kind: Kind, edges: Edges) -> Mapping[str, Sequence[int]]:
    """The decisions of each word, stretch by stretch."""
    found = session.execute(_COUNTS, {"kind": kind, **_stretches(edges)})
    return {_word(kind, term): decisions for term, decisions in found if any(decisions)}


def by_people(session: Session, edges: Edges) -> Sequence[People]:
    """What people decided, stretch by stretch."""
    rows = session.execute(_BY_PEOPLE, {"kind": Kind.REVIEWER, **_stretches(edges)})
    found = {number: People(part, whole, Spread(*spread)) for number, part, whole, spread in rows}
    return [found.get(number, NOBODY) for number in range(1, len(edges))]


def by_policy(session: Session, edges: Edges) -> Sequence[Spread | None]:
    """How long after a photo came in the policy decided it, by the first 5,000 of each stretch; None where none was."""
    found = {number: Spread(*spread) for number, spread in session.execute(_BY_POLICY, _stretches(edges))}
    return [found.get(number) for number in range(1, len(edges))]


def _word(kind: Kind, term: str) -> str:
    return term.removeprefix(f"{kind}:")


def _stretches(edges: Edges) -> dict[str, Any]:
    begins, ends = zip(*pairwise(edges), strict=True)
    return {"begins": list(begins), "ends": list(ends)}
