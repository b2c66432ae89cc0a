"""Fingerprints of the pictures that came, and the bank of known placeholders."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, ForeignKey, Index, Integer, LargeBinary, String, func
from sqlalchemy.dialects.postgresql import BIT
from sqlalchemy.orm import Mapped, mapped_column, relationship

from photogate.access.tables import User
from photogate.database import Base, new_id, text_enum
from photogate.screening.likeness import PICTURE_BITS

EMBEDDING_BITS = 128


class PictureFingerprint(Base):
    """What one photo's crop is known again by; emptied when its applicant is erased.

    The first picture of its kind is an anchor and stands in the index by its `bands`; a later one names its anchor in
    `same_as`, so that a picture that came a million times stands there once. Anchors that turned out to be of one
    kind name the oldest of them in `cluster_id`. `refused_at` is when a person last refused the photo.
    """

    __tablename__ = "picture_fingerprints"
    __table_args__ = (
        CheckConstraint("same_as IS NULL OR num_nonnulls(bands, cluster_id) = 0", name="anchors_are_indexed"),
        CheckConstraint("(signs IS NULL) = (embedder IS NULL)", name="embeddings_name_their_model"),
        CheckConstraint("perceptual IS NOT NULL OR num_nonnulls(signs, bands) = 0", name="erased_wholly"),
        Index(
            "ix_picture_fingerprints_bands",
            "bands",
            postgresql_using="gin",
            postgresql_where="bands IS NOT NULL",
            postgresql_with={"fastupdate": "off"},
        ),
        Index("ix_picture_fingerprints_same", "same_as", "applicant_id", postgresql_where="same_as IS NOT NULL"),
        Index("ix_picture_fingerprints_refused", "same_as", postgresql_where="refused_at IS NOT NULL"),
        Index("ix_picture_fingerprints_cluster", "cluster_id", postgresql_where="cluster_id IS NOT NULL"),
    )

    photo_id: Mapped[UUID] = mapped_column(ForeignKey("photos.id"), primary_key=True)
    applicant_id: Mapped[UUID]
    """No foreign key: it would have a worker wait for an erasure that waits for it."""
    perceptual: Mapped[str | None] = mapped_column(BIT(PICTURE_BITS))
    signs: Mapped[str | None] = mapped_column(BIT(EMBEDDING_BITS))
    embedder: Mapped[str | None]
    bands: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))
    same_as: Mapped[UUID | None] = mapped_column(ForeignKey("picture_fingerprints.photo_id"))
    cluster_id: Mapped[UUID | None] = mapped_column(ForeignKey("picture_fingerprints.photo_id"))
    refused_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Source(StrEnum):
    """Where a known placeholder was taken from."""

    CASE = "case"
    FILE = "file"


class KnownPicture(Base):
    """A placeholder that people know: who added it, from where and why; emptied, and kept on record, when removed.

    `picture` is a crop of ours, PNG. `photo_id` and `decision_id` name the case it came from, `file_sha256` the file.
    """

    __tablename__ = "known_pictures"
    __table_args__ = (
        CheckConstraint("(source = 'case') = (photo_id IS NOT NULL)", name="cases_name_their_photo"),
        CheckConstraint("(source = 'file') = (file_sha256 IS NOT NULL)", name="files_name_their_digest"),
        CheckConstraint("num_nulls(removed_at, removed_by, removed_because) IN (0, 3)", name="removals_are_whole"),
        CheckConstraint(
            "num_nulls(removed_at, perceptual, bands, picture) IN (1, 3) AND"
            " (removed_at IS NULL) = (perceptual IS NOT NULL)",
            name="emptied_when_removed",
        ),
        CheckConstraint("file_sha256 ~ '^[0-9a-f]{64}$'", name="sha256_is_hex"),
        Index(
            "ix_known_pictures_bands",
            "bands",
            postgresql_using="gin",
            postgresql_where="bands IS NOT NULL",
            postgresql_with={"fastupdate": "off"},
        ),
        Index("uq_known_pictures_photo", "photo_id", unique=True, postgresql_where="removed_at IS NULL"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    source: Mapped[Source] = mapped_column(text_enum(Source))
    photo_id: Mapped[UUID | None] = mapped_column(ForeignKey("photos.id"))
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decisions.id"))
    file_sha256: Mapped[str | None] = mapped_column(String(64))
    perceptual: Mapped[str | None] = mapped_column(BIT(PICTURE_BITS))
    bands: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))
    picture: Mapped[bytes | None] = mapped_column(LargeBinary)
    because: Mapped[str]
    added_by: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id"))
    removed_because: Mapped[str | None]

    adder: Mapped[User] = relationship(foreign_keys=[added_by], lazy="raise")
    remover: Mapped[User | None] = relationship(foreign_keys=[removed_by], lazy="raise")
