"""A desk that takes photos in as the API does, and sees what becomes of them."""

import time
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from photogate.applications import service
from photogate.applications.photo_file import inspect
from photogate.applications.photo_keys import SealedPhotos, keys_of
from photogate.applications.tables import Application, Assessment, DecisionRecord, Photo, Stage
from photogate.database import Database, new_id
from photogate.jobs.publisher import Publisher
from photogate.settings import Settings
from photogate.storage import S3PhotoStore
from tests.factories import CLIENT, PROFILE
from tests.keys import KMS


class Desk:
    """Submits photos through the core's own services and reads their rows."""

    def __init__(self, settings: Settings, database: Database, store: S3PhotoStore) -> None:
        self._settings = settings
        self._database = database
        self._store = store
        self._publisher = Publisher(settings.redis_url)

    def submit(self, content: bytes, *, tell: bool = True, reference: str = "A-1") -> UUID:
        """Open an application with this photo and, unless told otherwise, wake a worker up; returns the photo's id."""
        application_id, file = new_id(), inspect(content, self._settings, PROFILE)
        with service.kept_original(self._store, application_id, file) as kept, self._database.transaction() as session:
            intake = service.Intake(CLIENT, file, kept, KMS)
            photo = service.submit(session, intake, reference, application_id=application_id).photo
        if tell:
            self._publisher.publish(photo.id, photo.stage)
        return photo.id

    def photo(self, photo_id: UUID) -> Photo:
        """The photo's row as it is now."""
        with self._database.transaction() as session:
            return session.get_one(Photo, photo_id)

    def kept(self, photo_id: UUID, name: str) -> bytes:
        """An object of this photo, opened."""
        with self._database.transaction() as session:
            return SealedPhotos(self._store, keys_of(session, photo_id).open(KMS)).get(name)

    def decision(self, photo_id: UUID) -> DecisionRecord:
        """The one decision about a photo; fails when there is none or more than one."""
        with self._database.transaction() as session:
            return session.scalars(select(DecisionRecord).where(DecisionRecord.photo_id == photo_id)).one()

    def measured(self, photo_id: UUID) -> dict[str, Any]:
        """What the one assessment of a photo holds."""
        with self._database.transaction() as session:
            return session.scalars(select(Assessment.measurements).where(Assessment.photo_id == photo_id)).one()

    def machine_decisions(self) -> dict[UUID, int]:
        """How many decisions there are about each photo that has any."""
        with self._database.transaction() as session:
            counted = session.execute(
                select(DecisionRecord.photo_id, func.count().label("decisions")).group_by(DecisionRecord.photo_id)
            )
            return {row.photo_id: row.decisions for row in counted}

    def statuses(self) -> set[str]:
        """Every status that an application has."""
        with self._database.transaction() as session:
            return {status.value for status in session.scalars(select(Application.status))}

    def undecided(self) -> int:
        """How many photos are still on their way."""
        with self._database.transaction() as session:
            return session.scalars(select(func.count()).where(Photo.stage != Stage.DECIDED)).one()

    def just_claimed(self, lease_s: float) -> bool:
        """Whether somebody claimed a photo in the last fifth of a second and has not finished it."""
        with self._database.transaction() as session:
            since = func.now() + timedelta(seconds=lease_s - 0.2)
            return session.scalars(select(func.count()).where(Photo.lease_until > since)).one() > 0

    def wait_for(self, photo_ids: Collection[UUID], *, within_s: float = 60) -> None:
        """Wait until all of these are decided; raises TimeoutError."""
        deadline = time.monotonic() + within_s
        while missing := set(photo_ids) - self.machine_decisions().keys():
            if time.monotonic() > deadline:
                message = f"{len(missing)} of {len(photo_ids)} photos were not decided within {within_s} s"
                raise TimeoutError(message)
            time.sleep(0.05)
