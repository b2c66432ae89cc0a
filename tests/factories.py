"""The things that tests talk about, made the way the programs make them."""

import io
from datetime import timedelta
from uuid import UUID

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from photogate.access.keys import Client
from photogate.access.tables import Role, Scope, User
from photogate.access.users import create_user
from photogate.applications import service
from photogate.applications.notes import read_note
from photogate.applications.photo_file import PhotoFile
from photogate.applications.photo_keys import SealedPhotos, keys_of
from photogate.applications.profiles import load_profile
from photogate.applications.service import Intake, KeptOriginal
from photogate.applications.tables import Application, DecisionRecord, Photo, Stage
from photogate.database import Database, new_id
from photogate.jobs import service as jobs
from photogate.jobs.service import Job
from photogate.screening.decision import decide
from photogate.screening.likeness import NOWHERE
from photogate.screening.measurements import BoundingBox, Face, Measurements
from photogate.storage import PhotoStore
from tests.keys import KMS, PHOTO_KEY

CLIENT = Client("ministry", frozenset(Scope))
PROFILE = load_profile("demo")
LEASE = timedelta(seconds=30)

FACE = Face(BoundingBox(10, 20, 100, 120), score=0.99)
UNSUSPECTED = {"strangeness": 0.3, "p_ai_generated": 0.1, "seen": NOWHERE, "models": {"student@1": "ab" * 32}}
PORTRAIT = Measurements(width=600, height=800, faces=(FACE,), p_real=0.999, **UNSUSPECTED)
TWO_PEOPLE = Measurements(width=600, height=800, faces=(FACE, FACE), p_real=0.999, **UNSUSPECTED)
PLACEHOLDER = Measurements(width=600, height=800, faces=(), p_real=0.001, **UNSUSPECTED)


def jpeg(size: tuple[int, int] = (240, 320), colour: str = "grey") -> bytes:
    """A small JPEG of one colour."""
    kept = io.BytesIO()
    Image.new("RGB", size, colour).save(kept, "JPEG")
    return kept.getvalue()


def photo_file(content: bytes | None = None) -> PhotoFile:
    """A file as intake hands it on."""
    return PhotoFile(content or jpeg(), "image/jpeg", 240, 320)


def intake(client: Client = CLIENT, original_key: str = "original") -> Intake:
    """A file that came in and is said to lie in the store, sealed with the key of all photos of the tests."""
    return Intake(client, photo_file(), KeptOriginal(original_key, PHOTO_KEY), KMS)


def submit(
    database: Database, client: Client = CLIENT, reference: str = "A-1", original_key: str = "original"
) -> Photo:
    """An application with its first photo, waiting for a worker."""
    with database.transaction() as session:
        return service.submit(session, intake(client, original_key), reference, application_id=new_id()).photo


def claim(database: Database, photo_id: UUID, lease: timedelta = LEASE, max_attempts: int = 3) -> Job | None:
    """A worker's claim on a photo that waits for preparation."""
    with database.transaction() as session:
        return jobs.claim(session, photo_id, Stage.PREPARE, lease=lease, max_attempts=max_attempts)


def finish(database: Database, job: Job, found: Measurements) -> DecisionRecord:
    """What a worker does at the end."""
    pictures = {"crop_key": "crop", "review_key": "review"} if found.faces is not None else {}
    with database.transaction() as session:
        return jobs.finish(session, job, found, decide(found, PROFILE, attempt=job.attempt), **pictures)


def decided(database: Database, found: Measurements, client: Client = CLIENT, reference: str = "A-1") -> DecisionRecord:
    """A submitted photo on which the default profile has decided."""
    job = claim(database, submit(database, client, reference).id)
    if job is None:
        message = "a photo that was just submitted is free to claim"
        raise LookupError(message)
    return finish(database, job, found)


def user(
    database: Database, role: Role = Role.REVIEWER, email: str = "ada@example.org", password: str | None = None
) -> User:
    """A person of the review pages."""
    with database.transaction() as session:
        return create_user(session, email, email.partition("@")[0].title(), role, password, actor="user:test")


def note_of(database: Database, record: DecisionRecord) -> str | None:
    """What was written beside a decision, opened."""
    with database.transaction() as session:
        return read_note(
            KMS,
            session.get_one(Application, record.application_id, options=[joinedload(Application.applicant)]).applicant,
            record,
        )


def kept_originals(database: Database, store: PhotoStore) -> list[bytes]:
    """Every file that was submitted, as the store has it, opened."""
    with database.transaction() as session:
        photos = session.scalars(select(Photo).order_by(Photo.id)).all()
        return [SealedPhotos(store, keys_of(session, photo.id).open(KMS)).get(photo.original_key) for photo in photos]
