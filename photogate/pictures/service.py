"""Looking a picture up, remembering it, hearing what people say of it, and forgetting it."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from photogate.applications.tables import DecisionRecord
from photogate.database import parameters
from photogate.pictures import queries
from photogate.pictures.fingerprints import Fingerprint, bands, bits, read
from photogate.pictures.tables import PictureFingerprint
from photogate.screening.likeness import FURTHEST_BITS, Likeness, Seen
from photogate.screening.risk import REFUSED

SAME_BITS = 20
"""Pictures of one kind differ in at most so many bits from their anchor."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A picture that was looked up: where else it was seen, and the anchor of its kind, None for the first one."""

    fingerprint: Fingerprint
    seen: Seen
    same_as: UUID | None


def look_up(session: Session, applicant_id: UUID, fingerprint: Fingerprint) -> Sighting:
    """Where the picture of an applicant was seen before.

    Waits for whoever decides a like picture, and holds up whoever would: two that are sent at the same moment do not
    miss each other. Clusters that this picture shows to be one become one.
    """
    asked = {
        "space": queries.LOCK_SPACE,
        "bands": list(fingerprint.bands),
        "direct": bits(fingerprint.direct),
        "mirrored": bits(fingerprint.mirrored),
        "applicant": applicant_id,
        "furthest": FURTHEST_BITS,
        "same": SAME_BITS,
    }
    found = session.execute(queries.LOOK_UP, asked).all()
    anchors = [row for row in found if row.what == "anchor"]
    _join(session, {row.cluster for row in anchors})
    seen = {row.what: Likeness(str(row.id), row.bits, row.mirrored) for row in found if row.what != "anchor"}
    return Sighting(fingerprint, Seen(**seen), anchors[0].id if anchors else None)


def remembering(sighting: Sighting | None, applicant_id: UUID) -> dict[str, object]:
    """The parameters of `queries.remembered_by`; without a fingerprint nothing is remembered."""
    taken = sighting and sighting.fingerprint
    embedding = taken and taken.embedding
    is_anchor = sighting is not None and sighting.same_as is None
    row = {
        "applicant_id": applicant_id,
        "embedder": embedding and embedding.model,
        "bands": bands(taken.direct) if taken and is_anchor else None,
        "same_as": sighting and sighting.same_as,
    }
    return {
        **parameters(queries.FINGERPRINTS, row),
        "fingerprint_perceptual": taken and bits(taken.direct),
        "fingerprint_signs": embedding and bits(embedding.signs),
    }


def hear(session: Session, record: DecisionRecord) -> None:
    """Remember whether a person refused the photo; whoever appends a person's decision calls this."""
    session.execute(queries.MARK, {"of_photo": record.photo_id, "is_refused": record.verdict in REFUSED})


def forget(session: Session, photo_ids: Collection[UUID]) -> None:
    """Empty the fingerprints of these photos; the oldest other picture of a kind takes an anchor's place.

    Comes before the applications are locked: whoever decides a like picture holds its bands first, too.
    """
    if not photo_ids:
        return
    anchors = select(PictureFingerprint.bands).where(
        PictureFingerprint.photo_id.in_(photo_ids), PictureFingerprint.bands.is_not(None)
    )
    words = {word for anchor in session.scalars(anchors) for word in anchor or ()}
    session.execute(queries.LOCK, {"space": queries.LOCK_SPACE, "bands": sorted(words)})
    for heir in session.scalars(queries.heirs(photo_ids)).all():
        _succeed(session, heir)
    session.execute(
        update(PictureFingerprint)
        .where(PictureFingerprint.photo_id.in_(photo_ids))
        .values(perceptual=None, signs=None, embedder=None, bands=None, same_as=None, cluster_id=None, refused_at=None)
        .execution_options(synchronize_session=False)
    )


def _join(session: Session, clusters: Collection[UUID]) -> None:
    """Union of the clusters: each anchor names the oldest one, so that finding it takes one step."""
    if len(clusters) > 1:
        first, *_ = sorted(clusters)
        later = [photo_id for photo_id in session.scalars(queries.anchors_of(clusters)) if photo_id != first]
        session.execute(queries.JOIN, {"later": later, "first": first})


def _succeed(session: Session, heir: PictureFingerprint) -> None:
    gone = session.get_one(PictureFingerprint, heir.same_as)
    session.execute(
        update(PictureFingerprint)
        .where(PictureFingerprint.same_as == gone.photo_id, PictureFingerprint.photo_id != heir.photo_id)
        .values(same_as=heir.photo_id)
        .execution_options(synchronize_session=False)
    )
    heir.same_as, heir.cluster_id = None, gone.cluster_id or gone.photo_id
    heir.bands = bands(read(heir.perceptual or ""))
    session.flush()
