"""Decisions in the order of time, from any place on: an index range for each word that is asked for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Select, and_, select, text, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from photogate.applications.tables import Application, DecisionRecord, Photo
from photogate.database import table_of
from photogate.errors import NotFound
from photogate.screening.verdicts import Verdict
from photogate.searches.filters import Filters, Place
from photogate.searches.tables import DecisionTerm

_DECISIONS, _PHOTOS, _APPLICATIONS = table_of(DecisionRecord), table_of(Photo), table_of(Application)
_TERMS = table_of(DecisionTerm)

COLUMNS = (
    _DECISIONS.c.id,
    _DECISIONS.c.created_at.label("decided_at"),
    _DECISIONS.c.application_id,
    _APPLICATIONS.c.client,
    _PHOTOS.c.attempt,
    _PHOTOS.c.sha256.label("photo_sha256"),
    _DECISIONS.c.verdict,
    _DECISIONS.c.reasons,
    _DECISIONS.c.user_id,
    _DECISIONS.c.policy,
    _DECISIONS.c.models,
    _DECISIONS.c.supersedes_id,
)


@dataclass(frozen=True, slots=True)
class FoundDecision:
    """One decision as an auditor sees it; `reasons` and `models` as they were kept."""

    id: UUID
    decided_at: datetime
    application_id: UUID
    client: str
    attempt: int
    photo_sha256: str
    verdict: Verdict
    reasons: Sequence[Any]
    user_id: UUID | None
    policy: str
    models: dict[str, str]
    supersedes_id: UUID | None

    @property
    def actor(self) -> str:
        """Who decided, as events write it."""
        return f"user:{self.user_id}" if self.user_id else f"policy:{self.policy}"

    @property
    def place(self) -> Place:
        """Where it stands in the order of time."""
        return Place(self.decided_at, self.id)


@dataclass(frozen=True, slots=True)
class Walk:
    """From where a search goes on, and which way through time."""

    beyond: Place | None = None
    oldest_first: bool = False


def decisions(session: Session, filters: Filters, *, before: Place | None, limit: int) -> Sequence[FoundDecision]:
    """The newest decisions that fit, older than the place `before`."""
    return [FoundDecision(*row) for row in rows(session, filters, Walk(before), limit, COLUMNS)]


def rows(
    session: Session, filters: Filters, walk: Walk, limit: int, columns: Iterable[ColumnElement[Any]]
) -> Sequence[Any]:
    """A page, or a piece of an export: these columns of the first decisions that fit, in the order of time."""
    if len(filters.terms) > 1 and not filters.is_about_somebody:
        filters = _where_all_occur(session, filters)
    return session.execute(found(filters, walk, limit, columns)).all()


_SIDE_BY_SIDE = text("""
    SELECT max(first_at), min(last_at), set_config('enable_hashjoin', 'off', true),
        set_config('enable_sort', 'off', true), set_config('max_parallel_workers_per_gather', '0', true)
    FROM unnest(CAST(:terms AS text[])) AS asked (term) CROSS JOIN LATERAL (
        SELECT
            (SELECT decided_at FROM decision_terms WHERE term = asked.term ORDER BY decided_at LIMIT 1),
            (SELECT decided_at FROM decision_terms WHERE term = asked.term ORDER BY decided_at DESC LIMIT 1)
    ) AS occurs (first_at, last_at)
""")


def _where_all_occur(session: Session, filters: Filters) -> Filters:
    """The filters within the stretch of time in which every word occurs: a model and a policy come and go.

    Until the transaction ends, the database is kept from sorting: it thinks that two words hardly ever meet, while
    walking the entries of both side by side, which are in one order already, may stop at the end of the page.
    """
    first_at, last_at, *_ = session.execute(_SIDE_BY_SIDE, {"terms": list(filters.terms)}).one()
    if first_at is None:
        return filters
    until = last_at + timedelta.resolution
    since, until = max(filters.since or first_at, first_at), min(filters.until or until, until)
    return replace(filters, since=since, until=until)


def found(filters: Filters, walk: Walk, limit: int, columns: Iterable[ColumnElement[Any]] = COLUMNS) -> Select[Any]:
    """The statement behind `rows`: first the places of a page, from the index alone, and then what stands there."""
    places = _places(filters, walk).limit(limit).subquery()
    source = (
        places.join(_DECISIONS, _DECISIONS.c.id == places.c.id)
        .join(_PHOTOS, _PHOTOS.c.id == _DECISIONS.c.photo_id)
        .join(_APPLICATIONS, _APPLICATIONS.c.id == _DECISIONS.c.application_id)
    )
    return select(*columns).select_from(source).order_by(*_in_order((places.c.at, places.c.id), walk))


_At = tuple[ColumnElement[datetime], ColumnElement[UUID]]
"""The two columns of a place."""


def _places(filters: Filters, walk: Walk) -> Select[datetime, UUID]:
    """Where the decisions stand that have every word; the decisions themselves are asked only for whose they are.

    The bounds are said of every word: the database draws conclusions from equal columns, but not for bounds.
    """
    entries = [(_TERMS.alias(), term) for term in filters.terms]
    every: list[tuple[FromClause, _At]] = [(entry, (entry.c.decided_at, entry.c.decision_id)) for entry, _ in entries]
    if filters.is_about_somebody or not entries:
        every.insert(0, (_DECISIONS, (_DECISIONS.c.created_at, _DECISIONS.c.id)))
    (source, leading), *others = every
    for entry, (at, decision_id) in others:
        source = source.join(entry, and_(at == leading[0], decision_id == leading[1]))
    if filters.applicants is not None:
        source = source.join(_APPLICATIONS, _APPLICATIONS.c.id == _DECISIONS.c.application_id)
    wanted = select(leading[0].label("at"), leading[1].label("id")).select_from(source)
    wanted = wanted.where(*(entry.c.term == term for entry, term in entries), *_whose(filters))
    return wanted.where(*_bounds(filters, walk, [at for _, at in every])).order_by(*_in_order(leading, walk))


def _whose(filters: Filters) -> Iterator[ColumnElement[bool]]:
    if filters.applicants is not None:
        yield _APPLICATIONS.c.applicant_id.in_(filters.applicants)
    if filters.application is not None:
        yield _DECISIONS.c.application_id == filters.application


def _bounds(filters: Filters, walk: Walk, places: Iterable[_At]) -> Iterator[ColumnElement[bool]]:
    for at, decision_id in places:
        if filters.since is not None:
            yield at >= filters.since
        if filters.until is not None:
            yield at < filters.until
        if walk.beyond is not None:
            here, there = tuple_(at, decision_id), tuple_(*walk.beyond)
            yield here > there if walk.oldest_first else here < there


def _in_order(place: _At, walk: Walk) -> Iterator[ColumnElement[Any]]:
    return (column.asc() if walk.oldest_first else column.desc() for column in place)


def application(session: Session, application_id: UUID) -> Application:
    """One application of any client with its applicant and photos; raises NotFound."""
    whole = select(Application).options(joinedload(Application.applicant), selectinload(Application.photos))
    found = session.scalar(whole.where(Application.id == application_id))
    if found is None:
        raise NotFound("There is no such application.")
    return found
