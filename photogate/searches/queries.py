"""Decisions in the order of time, from any place on: an index range for each word that is asked for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Select, and_, select, tuple_
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
    rows = session.execute(found(filters, Walk(before)).limit(limit))
    return [FoundDecision(*row) for row in rows]


def found(filters: Filters, walk: Walk, columns: Iterable[ColumnElement[Any]] = COLUMNS) -> Select[Any]:
    """The statement behind a page or a piece of an export: decisions that fit, in the order of time.

    Each word's entries stand in the same order as the decisions, so the database walks them side by side. The bounds
    are said of every one of them: it draws conclusions from equal columns, but not for bounds.
    """
    source: FromClause = _DECISIONS.join(_PHOTOS, _PHOTOS.c.id == _DECISIONS.c.photo_id).join(
        _APPLICATIONS, _APPLICATIONS.c.id == _DECISIONS.c.application_id
    )
    entries = [_TERMS.alias() for _ in filters.terms]
    for entry, term in zip(entries, filters.terms, strict=True):
        is_it = and_(entry.c.decided_at == _DECISIONS.c.created_at, entry.c.decision_id == _DECISIONS.c.id)
        source = source.join(entry, and_(entry.c.term == term, is_it))
    places = [_PLACE, *((entry.c.decided_at, entry.c.decision_id) for entry in entries)]
    wanted = select(*columns).select_from(source).where(*_bounds(filters, walk, places))
    if filters.applicants is not None:
        wanted = wanted.where(_APPLICATIONS.c.applicant_id.in_(filters.applicants))
    if filters.application is not None:
        wanted = wanted.where(_DECISIONS.c.application_id == filters.application)
    return wanted.order_by(*(column.asc() if walk.oldest_first else column.desc() for column in _PLACE))


_PLACE = (_DECISIONS.c.created_at, _DECISIONS.c.id)


def _bounds(
    filters: Filters, walk: Walk, places: Iterable[tuple[ColumnElement[datetime], ColumnElement[UUID]]]
) -> Iterator[ColumnElement[bool]]:
    for at, decision_id in places:
        if filters.since is not None:
            yield at >= filters.since
        if filters.until is not None:
            yield at < filters.until
        if walk.beyond is not None:
            here, there = tuple_(at, decision_id), tuple_(*walk.beyond)
            yield here > there if walk.oldest_first else here < there


def application(session: Session, application_id: UUID) -> Application:
    """One application of any client with its applicant and photos; raises NotFound."""
    whole = select(Application).options(joinedload(Application.applicant), selectinload(Application.photos))
    found = session.scalar(whole.where(Application.id == application_id))
    if found is None:
        raise NotFound("There is no such application.")
    return found
