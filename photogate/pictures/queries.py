"""What is asked of all pictures there ever were: every question is one step into an index."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import CTE, Select, String, bindparam, case, cast, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import BIT, distinct_on

from photogate.database import given, table_of
from photogate.pictures.tables import EMBEDDING_BITS, PictureFingerprint
from photogate.screening.likeness import PICTURE_BITS

FINGERPRINTS = table_of(PictureFingerprint)

LOCK_SPACE = 5_014
"""Tells these advisory locks from everybody else's."""

LOOK_UP = text(
    """
    SET LOCAL enable_seqscan = off;
    SET LOCAL max_parallel_workers_per_gather = 0;
    SELECT pg_advisory_xact_lock(:space, word) FROM unnest(CAST(:bands AS int[])) AS word;
    WITH near AS MATERIALIZED (
        SELECT photo_id, applicant_id, refused_at, coalesce(cluster_id, photo_id) AS cluster,
            least(straight, turned) AS bits, turned < straight AS mirrored, straight
        FROM picture_fingerprints CROSS JOIN LATERAL (
            SELECT bit_count(perceptual # CAST(:direct AS bit(256))) AS straight,
                bit_count(perceptual # CAST(:mirrored AS bit(256))) AS turned
        ) AS apart
        WHERE bands && CAST(:bands AS int[]) AND least(straight, turned) <= :furthest
        ORDER BY bits, photo_id LIMIT 16
    ), kin AS (
        SELECT photo_id, applicant_id, refused_at, bits, mirrored FROM near
        UNION ALL
        SELECT found.*, bits, mirrored FROM near CROSS JOIN LATERAL (
            (SELECT photo_id, applicant_id, refused_at FROM picture_fingerprints
                WHERE same_as = near.photo_id AND applicant_id <> :applicant LIMIT 1)
            UNION ALL
            (SELECT photo_id, applicant_id, refused_at FROM picture_fingerprints
                WHERE same_as = near.photo_id AND refused_at IS NOT NULL LIMIT 1)
        ) AS found
    )
    SELECT 'anchor' AS what, photo_id AS id, straight AS bits, false AS mirrored, cluster
        FROM near WHERE straight <= :same
    UNION ALL
    (SELECT 'elsewhere', photo_id, bits, mirrored, NULL FROM kin
        WHERE applicant_id <> :applicant ORDER BY bits LIMIT 1)
    UNION ALL
    (SELECT 'refused', photo_id, bits, mirrored, NULL FROM kin
        WHERE refused_at IS NOT NULL ORDER BY bits LIMIT 1)
    UNION ALL
    (SELECT 'placeholder', id, least(straight, turned), turned < straight, NULL
        FROM known_pictures CROSS JOIN LATERAL (
            SELECT bit_count(perceptual # CAST(:direct AS bit(256))) AS straight,
                bit_count(perceptual # CAST(:mirrored AS bit(256))) AS turned
        ) AS apart
        WHERE bands && CAST(:bands AS int[]) AND least(straight, turned) <= :furthest
        ORDER BY 3 LIMIT 1)
    """
)
"""Looks one picture up, at one round trip.

First it waits for whoever is deciding a picture with a band in common: of two that are the same, sent at the same
moment, one sees the other. A statement sees what was committed when it began, so the waiting is a statement of its own.
The planner takes every word for a common one: it would read all pictures, and start helpers for it.
"""

_REMEMBERED = ("applicant_id", "embedder", "bands", "same_as")
_PERCEPTUAL = bindparam("fingerprint_perceptual", type_=String)
_SIGNS = bindparam("fingerprint_signs", type_=String)


def remembered_by(finished: CTE) -> CTE:
    """Adds the fingerprint of a photo whose job ends, as a part of the statement that ends it; takes `remembering`."""
    row = select(
        finished.c.id,
        cast(_PERCEPTUAL, BIT(PICTURE_BITS)),
        cast(_SIGNS, BIT(EMBEDDING_BITS)),
        *given(FINGERPRINTS, *_REMEMBERED),
    ).where(_PERCEPTUAL.is_not(None))
    columns = ["photo_id", "perceptual", "signs", *_REMEMBERED]
    return insert(FINGERPRINTS).from_select(columns, row).cte("remembered")


JOIN = (
    update(FINGERPRINTS)
    .where(FINGERPRINTS.c.photo_id.in_(bindparam("later", expanding=True)))
    .values(cluster_id=bindparam("first"))
)
"""Puts the anchors of clusters that turned out to be one under the oldest of them."""

LOCK = text("SELECT pg_advisory_xact_lock(:space, word) FROM unnest(CAST(:bands AS int[])) AS word")
"""Waits for whoever decides a picture with one of these bands, and holds up whoever would."""

MARK = (
    update(FINGERPRINTS)
    .where(FINGERPRINTS.c.photo_id == bindparam("of_photo"), FINGERPRINTS.c.perceptual.is_not(None))
    .values(refused_at=case((bindparam("is_refused"), func.clock_timestamp())))
)
"""Keeps whether the last word of people about a photo was a refusal."""


def anchors_of(clusters: Collection[UUID]) -> Select[tuple[UUID]]:
    """The anchors of these clusters, held so that they join one cluster only."""
    own, joined = FINGERPRINTS.c.photo_id.in_(clusters), FINGERPRINTS.c.cluster_id.in_(clusters)
    return select(FINGERPRINTS.c.photo_id).where(own | joined).order_by(FINGERPRINTS.c.photo_id).with_for_update()


def heirs(gone: Collection[UUID]) -> Select[PictureFingerprint]:
    """For each anchor that goes, the oldest picture of its kind that stays."""
    stays = PictureFingerprint.perceptual.is_not(None) & PictureFingerprint.photo_id.not_in(gone)
    return (
        select(PictureFingerprint)
        .where(PictureFingerprint.same_as.in_(gone), stays)
        .ext(distinct_on(PictureFingerprint.same_as))
        .order_by(PictureFingerprint.same_as, PictureFingerprint.photo_id)
    )
