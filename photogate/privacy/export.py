"""All that is held about one applicant, as a zip file that is written while it is sent."""

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from photogate.applicants import service as applicants
from photogate.applicants.master_keys import Kms
from photogate.applicants.sealing import DataKey
from photogate.applicants.tables import Applicant
from photogate.applications.notes import read_note
from photogate.applications.photo_keys import SealedPhotos, keys_of
from photogate.applications.tables import Application, Assessment, DecisionRecord, Photo
from photogate.audit.tables import Event, EventKind
from photogate.database import Base
from photogate.errors import NotFound
from photogate.pictures.tables import PictureFingerprint
from photogate.privacy.holdings import applications_of, record
from photogate.privacy.holds import hold_reason
from photogate.releases.tables import PrintRelease
from photogate.reviews.queries import verdicts_about
from photogate.reviews.tables import ReviewTask
from photogate.storage import PhotoStore

Row = TypeVar("Row", bound=Base)

STATEMENT = "applicant.json"
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic"}
OURS = frozenset(
    {
        "applicant_id",
        "sealed_key",
        "sealed_note",
        "original_key",
        "crop_key",
        "review_key",
        "due_at",
        "lease_until",
        "fencing_token",
        "attempts",
        "bands",
        "same_as",
        "cluster_id",
        "txid",
    }
)
"""Columns that say how Photogate keeps and works, and nothing about anybody."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A file of the export: its name there, its object in the store, and the key that opens it."""

    name: str
    object_name: str
    key: DataKey


@dataclass(frozen=True, slots=True)
class Portable:
    """An export that was begun: what is said in words and numbers, and the pictures that go with it."""

    applicant_id: UUID
    statement: Mapping[str, Any]
    pictures: Sequence[Picture]


def begin(session: Session, kms: Kms, applicant: Applicant, actor: str) -> Portable:
    """Gather everything about an applicant, and record that it was asked for; raises KeyMissing, SealBroken."""
    record(session, EventKind.APPLICANT_EXPORTED, actor, applicant.id)
    wanted = applications_of(session, applicant.id)
    photos = _rows(session, Photo, Photo.application_id.in_(wanted))
    pictures = [picture for photo in photos for picture in _pictures(session, kms, photo)]
    about = {
        **_written(
            applicant,
            leave_out={
                "reference_digest",
                "sealed_reference",
                "wrapped_key",
                "sealed_hold_reason",
                "sealed_attributes",
            },
        ),
        "reference": applicants.reference_of(kms, applicant),
        "attributes": applicants.attributes_of(kms, applicant),
        "hold_reason": hold_reason(kms, applicant),
    }
    decisions = _rows(session, DecisionRecord, DecisionRecord.application_id.in_(wanted))
    statement = {
        "applicant": about,
        "applications": [_written(row) for row in _rows(session, Application, Application.id.in_(wanted))],
        "photos": [_written(photo) for photo in photos],
        "assessments": [_written(row) for row in _assessments(session, photos)],
        "fingerprints": [_written(row) for row in _fingerprints(session, photos)],
        "decisions": [{**_written(row), "note": read_note(kms, applicant, row)} for row in decisions],
        "verdicts": [
            {**_written(row), "note": read_note(kms, applicant, row)}
            for application_id in wanted
            for row in verdicts_about(session, application_id)
        ],
        "cases": [_written(row) for row in _rows(session, ReviewTask, ReviewTask.application_id.in_(wanted))],
        "print_releases": [
            _written(row) for row in _rows(session, PrintRelease, PrintRelease.application_id.in_(wanted))
        ],
        "events": [_written(row) for row in _rows(session, Event, Event.application_id.in_(wanted))],
        "pictures": [picture.name for picture in pictures],
    }
    return Portable(applicant.id, statement, pictures)


def stream(store: PhotoStore, portable: Portable) -> Iterator[bytes]:
    """The zip file in pieces, one picture in memory at a time; raises Unavailable, SealBroken."""
    written = _Written()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(STATEMENT, json.dumps(portable.statement, indent=1, default=str, ensure_ascii=False))
        yield written.take()
        for picture in portable.pictures:
            _add(archive, store, picture)
            yield written.take()
    yield written.take()


def _add(archive: zipfile.ZipFile, store: PhotoStore, picture: Picture) -> None:
    try:
        archive.writestr(picture.name, SealedPhotos(store, picture.key).get(picture.object_name))
    except NotFound:
        archive.writestr(f"{picture.name}.missing", "The store has lost this picture.\n")


def _pictures(session: Session, kms: Kms, photo: Photo) -> Iterator[Picture]:
    key = keys_of(session, photo.id).open(kms)
    kept = {
        f"original.{ENDINGS.get(photo.media_type, 'bin')}": photo.original_key,
        "crop.png": photo.crop_key,
        "review.jpg": photo.review_key,
    }
    for name, object_name in kept.items():
        if object_name is not None:
            yield Picture(f"{photo.application_id}/{photo.attempt}/{name}", object_name, key)


def _assessments(session: Session, photos: Iterable[Photo]) -> Sequence[Assessment]:
    return _rows(session, Assessment, Assessment.photo_id.in_([photo.id for photo in photos]))


def _fingerprints(session: Session, photos: Iterable[Photo]) -> Sequence[PictureFingerprint]:
    wanted = PictureFingerprint.photo_id.in_([photo.id for photo in photos])
    return session.scalars(select(PictureFingerprint).where(wanted).order_by(PictureFingerprint.photo_id)).all()


def _rows(session: Session, kind: type[Row], condition: ColumnElement[bool]) -> Sequence[Row]:
    return session.scalars(select(kind).where(condition).order_by(kind.__table__.c.id)).all()


def _written(row: Base, leave_out: Iterable[str] = OURS) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns if column.key not in leave_out}


class _Written:
    """A file that keeps what is written to it until it is taken."""

    def __init__(self) -> None:
        self._waiting = bytearray()

    def write(self, piece: bytes) -> int:
        self._waiting += piece
        return len(piece)

    def flush(self) -> None:
        """Nothing is ever held back."""

    def close(self) -> None:
        """There is nothing to give back."""

    def take(self) -> bytes:
        """What was written since the last time."""
        taken, self._waiting = bytes(self._waiting), bytearray()
        return taken
