"""Asking, and leaving a record of the question: whoever reads the history is part of it."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from photogate.applicants.master_keys import Kms
from photogate.applicants.queries import ids_by_reference
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.errors import NotFound, Unprocessable
from photogate.searches import queries
from photogate.searches.filters import Filters, Place
from photogate.searches.queries import FoundDecision
from photogate.searches.tables import SavedSearch

MAX_NAME_CHARS = 80
MAX_SAVED = 100


class Page(NamedTuple):
    """Some decisions, newest first, and the place behind which the next page begins; None on the last one."""

    decisions: Sequence[FoundDecision]
    next: Place | None


def search(session: Session, actor: str, filters: Filters, *, before: Place | None, limit: int) -> Page:
    """A page of what fits; the question is recorded with the filters and the number of answers, never with these."""
    found = queries.decisions(session, filters, before=before, limit=limit + 1)
    page = found[:limit]
    record(session, actor, filters, found=len(page))
    return Page(page, page[-1].place if len(found) > limit else None)


def record(session: Session, actor: str, filters: Filters, **how: Any) -> None:  # noqa: ANN401 - as the event takes it
    """Record that somebody asked; what they asked for, and never what they were told."""
    audit.append(session, EventKind.AUDIT_QUERIED, actor, filters=filters.to_json(), **how)


def applicants_called(session: Session, kms: Kms, actor: str, reference: str) -> frozenset[UUID]:
    """Everybody whom any client calls so; the look-up is recorded with their ids. Raises KeyMissing."""
    called = frozenset(ids_by_reference(session, kms, reference))
    record(session, actor, Filters(applicants=called))
    return called


def save(session: Session, user_id: UUID, name: str, filters: Filters) -> SavedSearch:
    """Keep a search for one person; raises Unprocessable for a name that is empty or too long, or for too many."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= MAX_NAME_CHARS or not name.isprintable():
        raise Unprocessable(f"Give the search a name of 1 to {MAX_NAME_CHARS} printable characters.")
    if len(saved(session, user_id)) >= MAX_SAVED:
        raise Unprocessable(f"At most {MAX_SAVED} searches can be kept; remove one first.")
    kept = SavedSearch(user_id=user_id, name=name, filters=filters.to_json())
    session.add(kept)
    return kept


def saved(session: Session, user_id: UUID) -> Sequence[SavedSearch]:
    """The searches that this person keeps, by name."""
    mine = select(SavedSearch).where(SavedSearch.user_id == user_id, SavedSearch.removed_at.is_(None))
    return session.scalars(mine.order_by(SavedSearch.name, SavedSearch.id)).all()


def remove(session: Session, user_id: UUID, search_id: UUID) -> None:
    """Let go of a kept search; raises NotFound when this person has none such."""
    removed = session.scalar(
        update(SavedSearch)
        .where(SavedSearch.id == search_id, SavedSearch.user_id == user_id, SavedSearch.removed_at.is_(None))
        .values(removed_at=func.now())
        .returning(SavedSearch.id)
    )
    if removed is None:
        raise NotFound("There is no such search among yours.")
