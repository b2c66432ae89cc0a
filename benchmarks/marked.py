"""Applicants of one running stack whose every personal byte is marked, and the search for the marks."""

import base64
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from secrets import token_hex
from uuid import UUID

import httpx
from sqlalchemy import select
from sqlalchemy.engine import make_url

from embedded.provision import connect
from embedded.stack import Stack
from photogate.access.keys import create_key
from photogate.access.tables import Role, Scope
from photogate.access.users import create_user
from photogate.applicants.master_keys import KeyFolder
from photogate.applications.notes import Note
from photogate.applications.photo_keys import SealedPhotos, keys_of
from photogate.applications.tables import Photo
from photogate.database import Database
from photogate.reviews import service as reviews
from photogate.reviews.tables import ReviewTask
from photogate.screening.verdicts import Verdict
from photogate.storage import S3PhotoStore

PHOTO = Path(__file__).parents[1] / "samples" / "two_people.jpg"
UNDECIDED = {"received", "processing"}
PATIENCE_S, POLL_S = 120, 0.1
MARK_BYTES = 48
CLIENT = "benchmark"


class Applicant:
    """One applicant with a photo, a reference, a key for the request and a reviewer's note that occur nowhere else."""

    def __init__(self) -> None:
        """Make the marks up."""
        self.reference, self.request_key = f"reference-{token_hex(16)}", f"key-{token_hex(16)}"
        self.note, self.behind_the_photo = f"note {token_hex(16)}", token_hex(24).encode()
        self.application_id = UUID(int=0)
        self.pictures: list[bytes] = []

    @property
    def kept_marks(self) -> list[bytes]:
        """What an export of this applicant must hold."""
        return [self.reference.encode(), self.note.encode(), self.behind_the_photo, *self.pictures]

    @property
    def marks(self) -> list[bytes]:
        """All that must be found nowhere."""
        return [*self.kept_marks, self.request_key.encode()]


class House:
    """A client, a reviewer and a searcher of one running stack."""

    def __init__(self, stack: Stack, database: Database) -> None:
        """Make keys for itself."""
        self.settings, self._database = stack.settings, database
        self.store, self.kms = S3PhotoStore(stack.settings), KeyFolder(stack.settings.master_keys)
        self._superuser = make_url(stack.services.superuser_url).set(database="photogate")
        with database.transaction() as session:
            key = create_key(session, CLIENT, list(Scope), actor="user:benchmark")
            self._reviewer = create_user(
                session, "reviewer@example.org", "Reviewer", Role.REVIEWER, None, actor="user:benchmark"
            )
        headers = {"Authorization": f"Bearer {key}"}
        self.api = httpx.Client(base_url=stack.settings.api_url, headers=headers, timeout=60)

    def take_in(self, applicant: Applicant) -> None:
        """Submit the marked photo, wait for its decision, and have a person reject it with the note."""
        answer = self.api.post(
            "/v1/applications",
            data={"reference": applicant.reference},
            files={"photo": ("photo.jpg", PHOTO.read_bytes() + applicant.behind_the_photo, "image/jpeg")},
            headers={"Idempotency-Key": applicant.request_key},
        )
        applicant.application_id = UUID(answer.raise_for_status().json()["id"])
        self._wait(applicant)
        self._decide(applicant)
        applicant.pictures = [_mark(picture) for picture in self.pictures(applicant)]

    def pictures(self, applicant: Applicant) -> list[bytes]:
        """Our own pictures of the applicant, opened."""
        with self._database.transaction() as session:
            photo = session.scalars(select(Photo).where(Photo.application_id == applicant.application_id)).one()
            kept = SealedPhotos(self.store, keys_of(session, photo.id).open(self.kms))
        return [kept.get(name) for name in (photo.crop_key, photo.review_key) if name]

    def rows(self) -> Iterator[bytes]:
        """Every row of every table as text, bytes in hexadecimal, as a dump has them."""
        with closing(connect(self._superuser)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public'")
            for (table,) in cursor.fetchall():
                cursor.execute(f"SELECT t::text FROM {table} AS t")  # noqa: S608 - named by the database itself
                yield from (text.encode() for (text,) in cursor)
            cursor.execute("CHECKPOINT")  # what follows is a search through the files

    def objects(self) -> Iterator[bytes]:
        """Everything in the store."""
        return (self.store.get(name) for name in self.store.keys(""))

    def _wait(self, applicant: Applicant) -> None:
        deadline, here = time.monotonic() + PATIENCE_S, f"/v1/applications/{applicant.application_id}"
        while self.api.get(here).raise_for_status().json()["status"] in UNDECIDED:
            if time.monotonic() > deadline:
                raise TimeoutError(f"A photo was not decided within {PATIENCE_S} s.")
            time.sleep(POLL_S)

    def _decide(self, applicant: Applicant) -> None:
        with self._database.transaction() as session:
            wanted = ReviewTask.application_id == applicant.application_id
            task_id = session.scalars(select(ReviewTask.id).where(wanted)).one()
            reviews.claim(session, task_id, self._reviewer, timedelta(minutes=1))
        with self._database.transaction() as session:
            note = Note(applicant.note, self.kms)
            reviews.decide(session, task_id, self._reviewer, Verdict.APPROVED, (), note)


def places(marks: Sequence[bytes], contents: Iterable[bytes]) -> int:
    """How many of these contents hold any of the marks, as it is, in hexadecimal or in base 64."""
    wanted = [form for mark in marks for form in _forms(mark)]
    return sum(any(form in content for form in wanted) for content in contents)


def files(folder: Path) -> Iterator[bytes]:
    """The contents of every file below a folder that is there when its turn comes."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            try:
                yield path.read_bytes()
            except OSError:
                continue  # gone since it was listed


def _forms(mark: bytes) -> Iterator[bytes]:
    yield mark
    yield mark.hex().encode()
    for before in range(3):  # where the mark begins within three bytes decides how it is written
        yield base64.b64encode(bytes(before) + mark)[before and 4 : -4]


def _mark(picture: bytes) -> bytes:
    """Bytes from the middle, which no other picture has."""
    middle = len(picture) // 2
    return picture[middle : middle + MARK_BYTES]
