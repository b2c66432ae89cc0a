"""How many decisions of which kind in which stretch of days, how often people disagree, and how long it all takes.

Days that are over and counted come from their tallies, the others are counted now, by the same functions of the
database: the numbers are those of the decisions, whatever is counted already.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from photogate.applications.tables import ActorKind

Edges = Sequence[date]
"""The days, in UTC, on which stretches begin, and at last the day after the last one."""


class Kind(StrEnum):
    """What decisions are told apart by; the words of the index begin so."""

    OUTCOME = "outcome"
    REASON = "reason"
    REVIEWER = "actor:user"
    POLICY = "policy"
    MODEL = "model"


class Spread(NamedTuple):
    """Half of the values lie below the median, nine of ten below the other; both to three digits."""

    median: timedelta
    ninetieth: timedelta


class Made(NamedTuple):
    """How many decisions were made, how many of them against what they superseded, and how long after the photo.

    A person who approves what the policy had flagged goes against it, and so does one who says something else than an
    earlier decision that was no mere referral to people.
    """

    overriding: int
    made: int
    taken: Spread | None


NONE = Made(0, 0, None)

_KNOWN = text("""
    WITH RECURSIVE word (term) AS (
        (SELECT term FROM decision_terms WHERE term > :kind || ':' AND term < :kind || ';' ORDER BY term LIMIT 1)
        UNION ALL
        SELECT (
            SELECT later.term FROM decision_terms AS later
            WHERE later.term > word.term AND later.term < :kind || ';' ORDER BY later.term LIMIT 1
        ) FROM word WHERE word.term IS NOT NULL
    )
    SELECT term FROM word WHERE term IS NOT NULL
""")
"""Steps from word to word in the index: as many look-ups as there are words, however many decisions there are."""

_DAY_BY_DAY = """
    WITH stretch AS (
        SELECT * FROM unnest(CAST(:begins AS date[]), CAST(:ends AS date[])) WITH ORDINALITY AS s (begins, ends, number)
    ), ever AS (
        SELECT (min(created_at) AT TIME ZONE 'UTC')::date AS first, (max(created_at) AT TIME ZONE 'UTC')::date AS last
        FROM decisions
    ), uncounted AS MATERIALIZED (
        SELECT number, day::date FROM ever
        CROSS JOIN LATERAL generate_series(greatest(:first_day, first)::timestamp, last, '1 day') AS day
        JOIN stretch ON day >= begins AND day < ends
        WHERE day::date NOT IN (SELECT day FROM tallied_days)
    ), counted AS (
        SELECT number, tally.* FROM stretch JOIN {tallies} AS tally ON tally.day >= begins AND tally.day < ends
        UNION ALL
        SELECT number, day, now.* FROM uncounted CROSS JOIN LATERAL {count}(day) AS now
    )
"""

_WORDS = text(f"""
    {_DAY_BY_DAY.format(tallies="decision_tallies", count="count_words")}
    SELECT term, number, sum(decisions)::bigint FROM counted GROUP BY term, number
""")  # noqa: S608 - made of constants

_TIMES = text(f"""
    {_DAY_BY_DAY.format(tallies="decision_times", count="count_times")},
    lasted AS (
        SELECT number, actor_kind, taken_ms, sum(decisions) AS decisions,
            coalesce(sum(decisions) FILTER (WHERE is_override), 0) AS overriding
        FROM counted GROUP BY number, actor_kind, taken_ms
    ), ranked AS (
        SELECT *, sum(decisions) OVER shorter AS reached, sum(decisions) OVER alike AS made
        FROM lasted
        WINDOW alike AS (PARTITION BY number, actor_kind), shorter AS (alike ORDER BY taken_ms)
    )
    SELECT
        actor_kind, number, sum(overriding)::bigint, max(made)::bigint,
        min(taken_ms) FILTER (WHERE reached >= 0.5 * made), min(taken_ms) FILTER (WHERE reached >= 0.9 * made)
    FROM ranked GROUP BY actor_kind, number
""")  # noqa: S608 - made of constants


def words(session: Session, kind: Kind) -> Sequence[str]:
    """Every word of this kind that any decision was ever found by, in the order of the alphabet."""
    return [term.removeprefix(f"{kind}:") for term in session.scalars(_KNOWN, {"kind": kind})]


def counts(session: Session, edges: Edges) -> Mapping[Kind, Mapping[str, Sequence[int]]]:
    """The decisions of each word, stretch by stretch; a word of which there are none is left out."""
    found: dict[Kind, dict[str, list[int]]] = {kind: defaultdict(lambda: [0] * (len(edges) - 1)) for kind in Kind}
    for term, number, decisions in session.execute(_WORDS, _stretches(edges)):
        for kind in Kind:
            if term.startswith(f"{kind}:"):
                found[kind][term.removeprefix(f"{kind}:")][number - 1] = decisions
    return found


def times(session: Session, edges: Edges) -> Mapping[ActorKind, Sequence[Made]]:
    """What policies and what people decided, stretch by stretch."""
    found = {kind: [NONE] * (len(edges) - 1) for kind in ActorKind}
    for kind, number, overriding, made, *taken_ms in session.execute(_TIMES, _stretches(edges)):
        spread = Spread(*(timedelta(milliseconds=ms) for ms in taken_ms))
        found[ActorKind(kind)][number - 1] = Made(overriding, made, spread)
    return found


def _stretches(edges: Edges) -> dict[str, Any]:
    begins, ends = zip(*pairwise(edges), strict=True)
    return {"begins": list(begins), "ends": list(ends), "first_day": edges[0]}
