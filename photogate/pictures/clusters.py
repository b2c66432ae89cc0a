"""Pictures that came again and again, and how often: anchors and all that name them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session, joinedload

from photogate.pictures.fingerprints import bands, bits
from photogate.pictures.service import SAME_BITS
from photogate.pictures.tables import KnownPicture

_IS_KNOWN = text(
    """
    SELECT EXISTS (SELECT FROM known_pictures
        WHERE bands && CAST(:bands AS int[]) AND bit_count(perceptual # CAST(:perceptual AS bit(256))) <= :same)
    """
)
_SIGHTINGS = text(
    """
    SET LOCAL enable_seqscan = off;
    SELECT known.id, count(seen.photo_id) AS times, count(DISTINCT seen.applicant_id) AS applicants
    FROM known_pictures AS known
    JOIN picture_fingerprints AS anchor
        ON anchor.bands && known.bands AND bit_count(anchor.perceptual # known.perceptual) <= :same
    JOIN picture_fingerprints AS seen ON seen.photo_id = anchor.photo_id OR seen.same_as = anchor.photo_id
    WHERE known.removed_at IS NULL
    GROUP BY known.id
    """
)
_REPEATED = text(
    """
    WITH again AS (
        SELECT coalesce(anchor.cluster_id, anchor.photo_id) AS cluster, seen.photo_id, seen.applicant_id
        FROM picture_fingerprints AS seen JOIN picture_fingerprints AS anchor ON anchor.photo_id = seen.same_as
    ), anchors AS (
        SELECT coalesce(cluster_id, photo_id) AS cluster, photo_id, applicant_id FROM picture_fingerprints
        WHERE perceptual IS NOT NULL AND (photo_id IN (SELECT cluster FROM again) OR cluster_id IS NOT NULL)
    )
    SELECT cluster, min(CAST(photo_id AS text)) AS shown, count(*) AS times, count(DISTINCT applicant_id) AS applicants
    FROM (SELECT * FROM again UNION ALL SELECT * FROM anchors) AS members
    GROUP BY cluster HAVING count(DISTINCT applicant_id) > 1
    ORDER BY times DESC, cluster LIMIT :most
    """
)
_KNOWN = text(
    """
    SET LOCAL enable_seqscan = off;
    SELECT DISTINCT coalesce(anchor.cluster_id, anchor.photo_id)
    FROM known_pictures AS known
    JOIN picture_fingerprints AS anchor
        ON anchor.bands && known.bands AND bit_count(anchor.perceptual # known.perceptual) <= :same
    WHERE known.removed_at IS NULL
    """
)


@dataclass(frozen=True, slots=True)
class Sightings:
    """How often a picture came, and from how many applicants."""

    times: int = 0
    applicants: int = 0


@dataclass(frozen=True, slots=True)
class Cluster:
    """Pictures that nobody can tell from each other; `photo_id` is the oldest that is left, `is_known` to the bank."""

    photo_id: UUID
    seen: Sightings
    is_known: bool = False


def is_known(session: Session, perceptual: bytes) -> bool:
    """Whether the bank has this picture, or one of its kind."""
    asked = {"bands": bands(perceptual), "perceptual": bits(perceptual), "same": SAME_BITS}
    return bool(session.scalar(_IS_KNOWN, asked))


def bank(session: Session, *, limit: int) -> Sequence[KnownPicture]:
    """The bank's pictures with the people behind them, those that were removed last, the newest first."""
    return session.scalars(
        select(KnownPicture)
        .order_by(KnownPicture.removed_at.is_not(None), KnownPicture.added_at.desc())
        .limit(limit)
        .options(joinedload(KnownPicture.adder), joinedload(KnownPicture.remover))
    ).all()


def sightings(session: Session) -> Mapping[UUID, Sightings]:
    """How often each picture of the bank came, by its id; one that never came is missing."""
    return {row.id: Sightings(row.times, row.applicants) for row in session.execute(_SIGHTINGS, {"same": SAME_BITS})}


def repeated(session: Session, *, limit: int) -> Sequence[Cluster]:
    """The pictures that came from several applicants, the most frequent first."""
    in_bank = known(session)
    found = session.execute(_REPEATED, {"most": limit})
    return [
        Cluster(UUID(row.shown), Sightings(row.times, row.applicants), is_known=row.cluster in in_bank) for row in found
    ]


def known(session: Session) -> frozenset[UUID]:
    """The clusters of which the bank has a picture, each by the photo that it is named after."""
    return frozenset(session.scalars(_KNOWN, {"same": SAME_BITS}))
