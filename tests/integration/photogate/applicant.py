"""An applicant whose every personal byte can be searched for."""

import base64
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.engine import make_url

from embedded.provision import connect
from photogate.applicants import queries
from photogate.applicants.tables import Applicant
from photogate.applications import service
from photogate.applications.notes import Note
from photogate.applications.photo_file import PhotoFile
from photogate.applications.photo_keys import SealedPhotos
from photogate.applications.tables import Application, DecisionRecord, Photo
from photogate.database import Database, new_id
from photogate.jobs import service as jobs
from photogate.reviews import service as reviews
from photogate.reviews.tables import ReviewTask
from photogate.screening.decision import decide
from photogate.screening.measurements import Measurements
from photogate.screening.verdicts import Verdict
from photogate.storage import PhotoStore
from tests.factories import CLIENT, PROFILE, TWO_PEOPLE, claim, jpeg, user
from tests.keys import KMS

REFERENCE, NOTE, PIXELS = "Zoe-Markoviak-4711", "scar above the left eye", b"MARKER-OF-ZOES-PIXELS"


@dataclass(frozen=True)
class Case:
    """One application with a decided photo whose three objects lie in the store."""

    application_id: UUID
    photo_id: UUID


def applied(
    database: Database, store: PhotoStore, reference: str = REFERENCE, found: Measurements = TWO_PEOPLE
) -> Case:
    """Submit a marked photo and have a worker decide on it."""
    application_id, file = new_id(), PhotoFile(jpeg() + PIXELS, "image/jpeg", 240, 320)
    with service.kept_original(store, application_id, file) as kept, database.transaction() as session:
        intake = service.Intake(CLIENT, file, kept, KMS)
        photo = service.submit(session, intake, reference, application_id=application_id).photo
    job = claim(database, photo.id)
    photos, folder = SealedPhotos(store, job.keys.open(KMS)), f"{application_id}/{photo.id}"
    for name in ("crop.png", "review.jpg"):
        photos.put(f"{folder}/{name}", jpeg() + PIXELS)
    with database.transaction() as session:
        pictures = {"crop_key": f"{folder}/crop.png", "review_key": f"{folder}/review.jpg"}
        jobs.finish(session, job, found, decide(found, PROFILE), **pictures)
    return Case(application_id, photo.id)


def approved(database: Database, case: Case) -> DecisionRecord:
    """Have a person approve the case, with a note about the applicant."""
    reviewer = user(database, email=f"{new_id()}@example.org")
    with database.transaction() as session:
        task = session.scalars(select(ReviewTask).where(ReviewTask.application_id == case.application_id)).one()
        reviews.claim(session, task.id, reviewer, timedelta(seconds=90))
    with database.transaction() as session:
        return reviews.decide(session, task.id, reviewer, Verdict.APPROVED, (), Note(NOTE, KMS))


def applicant(session, reference: str = REFERENCE) -> Applicant:
    """The applicant's row, held."""
    return queries.by_reference(session, KMS, CLIENT.name, reference, hold=True)


def row(database: Database, case: Case) -> Photo:
    """The case's photo as it is now."""
    with database.transaction() as session:
        return session.get_one(Photo, case.photo_id)


def let_time_pass(database: Database, days: int, *cases: Case) -> None:
    """Make it so long ago that anything happened to these applications."""
    with database.transaction() as session:
        long_ago = func.now() - timedelta(days=days)
        ids = [case.application_id for case in cases]
        session.execute(update(Application).where(Application.id.in_(ids)).values(updated_at=long_ago))


def every_row(superuser_url: str, app_url: str) -> Iterator[str]:
    """Every row of every table as text, bytes in hexadecimal, as a dump of the database has them."""
    server = make_url(superuser_url).set(database=make_url(app_url).database)
    with closing(connect(server)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT t::text FROM {table} AS t")
            yield from (text for (text,) in cursor.fetchall())


def places_of(marker: bytes, rows: list[str], objects: list[bytes]) -> int:
    """How many rows and objects hold a marker, in the clear, as hexadecimal or in base 64."""

    wanted = [marker.decode(), marker.hex(), base64.b64encode(marker).decode()]
    return sum(any(form in text for form in wanted) for text in rows) + sum(marker in content for content in objects)
