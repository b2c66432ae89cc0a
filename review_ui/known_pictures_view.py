"""Known placeholders and repeated pictures in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from photogate.pictures.clusters import Cluster, Sightings
from photogate.pictures.tables import KnownPicture, Source
from review_ui.words import Moment, moment

_FROM = {Source.CASE: "a case", Source.FILE: "a file"}


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """Pictures that nobody can tell from each other."""

    photo_id: UUID
    seen: str
    is_known: bool


@dataclass(frozen=True, slots=True)
class KnownRow:
    """One picture of the bank, or one that was removed from it."""

    id: UUID
    seen: str
    added: Moment
    adder: str
    source: str
    because: str
    removed: Moment | None
    remover: str
    removed_because: str


@dataclass(frozen=True, slots=True)
class KnownPicturesView:
    """The page of known pictures."""

    clusters: tuple[ClusterRow, ...]
    known: tuple[KnownRow, ...]
    may_manage: bool


def cluster_rows(found: Iterable[Cluster]) -> tuple[ClusterRow, ...]:
    """Clusters in their order."""
    return tuple(ClusterRow(cluster.photo_id, seen_words(cluster.seen), cluster.is_known) for cluster in found)


def known_rows(found: Iterable[KnownPicture], seen: Mapping[UUID, Sightings]) -> tuple[KnownRow, ...]:
    """The bank in its order, which was read with its people."""
    return tuple(_row(known, seen.get(known.id, Sightings())) for known in found)


def seen_words(seen: Sightings) -> str:
    """How often it came and from how many."""
    if not seen.times:
        return "not seen yet"
    times = "once" if seen.times == 1 else f"{seen.times:,} times"
    return f"seen {times} by {seen.applicants:,} applicant{'' if seen.applicants == 1 else 's'}"


def _row(known: KnownPicture, seen: Sightings) -> KnownRow:
    return KnownRow(
        id=known.id,
        seen=seen_words(seen),
        added=moment(known.added_at),
        adder=known.adder.name,
        source=_FROM[known.source],
        because=known.because,
        removed=moment(known.removed_at) if known.removed_at else None,
        remover=known.remover.name if known.remover else "",
        removed_because=known.removed_because or "",
    )
