"""Objects that no row names, and rows whose object is gone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

from sqlalchemy import select

from photogate.applications.tables import Photo, Stage
from photogate.database import Database
from photogate.storage import PhotoStore, StoredObject

OLD_ENOUGH = timedelta(hours=24)
"""Intake keeps an object for seconds before its row; whatever is a day old has none coming."""

BATCH = 500


@dataclass(frozen=True, slots=True)
class Found:
    """One piece of the search: objects looked at, and the orphans among them."""

    looked_at: int
    orphans: tuple[StoredObject, ...]


def search(database: Database, store: PhotoStore, *, older_than: timedelta = OLD_ENOUGH) -> Iterator[Found]:
    """Walk through every object of an application, a piece at a time; raises Unavailable.

    Objects of other kinds are none of ours to judge, and applications with a photo that is still on its way are left
    alone: its worker writes its pictures before the row.
    """
    before = datetime.now(UTC) - older_than
    objects = store.objects("")
    while piece := list(islice(objects, BATCH)):
        of = {stored: application_of(stored.name) for stored in piece}
        old = [stored for stored, owner in of.items() if owner is not None and stored.modified_at < before]
        named, busy = _named(database, {owner for stored in old if (owner := of[stored]) is not None})
        orphans = (stored for stored in old if stored.name not in named and of[stored] not in busy)
        yield Found(len(piece), tuple(orphans))


def missing(database: Database, store: PhotoStore) -> Iterator[str]:
    """Objects that rows name and the store does not have; nothing can bring them back. Raises Unavailable."""
    last = UUID(int=0)
    while photos := _photos_after(database, last):
        for photo in photos:
            names = (photo.original_key, photo.crop_key, photo.review_key)
            yield from (name for name in names if name is not None and not store.exists(name))
        last = photos[-1].id


def application_of(name: str) -> UUID | None:
    """The application in whose folder an object lies; None for objects of other kinds."""
    try:
        return UUID(name.partition("/")[0])
    except ValueError:
        return None


def _named(database: Database, owners: set[UUID]) -> tuple[set[str], set[UUID]]:
    """Every name that rows of these applications hold, and the applications that have a photo on its way."""
    with database.transaction() as session:
        photos = session.scalars(select(Photo).where(Photo.application_id.in_(owners))).all()
    names = {name for photo in photos for name in (photo.original_key, photo.crop_key, photo.review_key) if name}
    return names, {photo.application_id for photo in photos if photo.stage is not Stage.DECIDED}


def _photos_after(database: Database, last: UUID) -> Sequence[Photo]:
    with database.transaction() as session:
        return session.scalars(select(Photo).where(Photo.id > last).order_by(Photo.id).limit(BATCH)).all()
