"""A photo's own key, sealed with its applicant's, and the store in which a photo's objects lie sealed."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from photogate.applicants import service as applicants
from photogate.applicants.master_keys import Kms
from photogate.applicants.sealing import DataKey
from photogate.applicants.tables import Applicant
from photogate.applications.tables import Application, Photo
from photogate.database import table_of
from photogate.errors import NotFound
from photogate.storage import PhotoStore

SEALED_TYPE = "application/octet-stream"

_PHOTOS, _APPLICATIONS, _APPLICANTS = table_of(Photo), table_of(Application), table_of(Applicant)

KEYS = (
    _PHOTOS.c.id,
    _PHOTOS.c.sealed_key,
    _APPLICANTS.c.id.label("applicant_id"),
    _APPLICANTS.c.master_key_id,
    _APPLICANTS.c.wrapped_key,
)
"""The columns of `PhotoKeys`, in its order."""

OWNER = (_PHOTOS.c.application_id == _APPLICATIONS.c.id) & (_APPLICATIONS.c.applicant_id == _APPLICANTS.c.id)
"""Joins a photo with its applicant."""

_KEYS_OF = select(*KEYS).where(OWNER, _PHOTOS.c.id == bindparam("photo_id"))


@dataclass(frozen=True, slots=True)
class PhotoKeys:
    """What leads to a photo's key: the applicant's wrapped key and, sealed with it, the photo's own."""

    photo_id: UUID
    sealed_key: bytes
    applicant_id: UUID
    master_key_id: str | None
    wrapped_key: bytes | None

    def open(self, kms: Kms) -> DataKey:
        """The photo's own key; raises Erased, KeyMissing, SealBroken."""
        owner = applicants.unwrapped(kms, self.applicant_id, self.master_key_id, self.wrapped_key)
        return DataKey(owner.open(self.sealed_key, place(self.photo_id)))


def keys_of(session: Session, photo_id: UUID) -> PhotoKeys:
    """What leads to a photo's key; raises NotFound."""
    row = session.execute(_KEYS_OF, {"photo_id": photo_id}).one_or_none()
    if row is None:
        raise NotFound("There is no such picture.")
    return PhotoKeys(*row)


def place(photo_id: UUID) -> str:
    """Where a photo's key may be opened."""
    return f"photos.sealed_key/{photo_id}"


class SealedPhotos:
    """The store as one photo's key opens it; an object opens under its own name only."""

    def __init__(self, store: PhotoStore, key: DataKey) -> None:
        self._store = store
        self._key = key

    def put(self, name: str, content: bytes) -> None:
        """Keep `content` under `name`, sealed; raises Unavailable."""
        self._store.put(name, self._key.seal(content, f"objects/{name}"), SEALED_TYPE)

    def get(self, name: str) -> bytes:
        """What `put` was given; raises NotFound, Unavailable, SealBroken."""
        return self._key.open(self._store.get(name), f"objects/{name}")
