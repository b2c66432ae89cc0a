"""What is left of people who were erased: their marks, searched for in every place where a byte can lie."""

import os
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from benchmarks.figures.programs import run
from benchmarks.figures.promise import Context, Figure, Promise, Proof
from benchmarks.marked import Applicant, House, files, places
from cli.auditing import export_log
from embedded.stack import Ports, Stack
from photogate.applicants.master_keys import KeyMissing, new_master_key
from photogate.applicants.service import key_of
from photogate.applicants.tables import Applicant as Row
from photogate.database import Database
from photogate.privacy import orphans, rotation

PEOPLE = 5
ACTOR = "user:benchmark"

MARKS = Promise("personal marks planted: references, request keys, notes, bytes of photos and pictures", least=25)
CONTROL = Promise("of them found by the same search in the applicants' own exports, before", least=25 - PEOPLE)
IN_TABLES = Promise("rows of Postgres that hold one after erasure", least=0, most=0)
IN_STORE = Promise("objects in S3 that hold one after erasure", least=0, most=0)
ON_DISK = Promise("files of Postgres (with its WAL), S3, Redis and the programs' logs that hold one", least=0, most=0)
ON_DISK_CONTROL = Promise("of these files, those in which the same search finds what did stay", least=1)
IN_EXPORTS = Promise("exports of log and decisions, and answers of the API, that hold one", least=0, most=0)
OBJECTS_LEFT = Promise("objects of the erased that are left", least=0, most=0)
VERIFIED = Promise("the log, verified offline after the erasures", "verifies")
BACKED_UP = Promise("of their keys in a backup that open before the old master key is destroyed", least=PEOPLE)
FROM_BACKUP = Promise("of their keys in a backup that open once it is destroyed", least=0, most=0)
STAYING = Promise("pictures of somebody who stays that still open after all this", least=2)
PROMISES = (
    MARKS,
    CONTROL,
    IN_TABLES,
    IN_STORE,
    ON_DISK,
    ON_DISK_CONTROL,
    IN_EXPORTS,
    OBJECTS_LEFT,
    VERIFIED,
    BACKED_UP,
    FROM_BACKUP,
    STAYING,
)


def erasures(_context: Context) -> list[Figure]:
    """Take marked people in through a whole stack, erase them over HTTP, and look for what is left."""
    with (
        TemporaryDirectory(prefix="photogate-erasure-") as folder,
        Stack(Path(folder) / "stack", Ports.free()) as stack,
    ):
        stack.start()
        with closing(Database(stack.settings.database_url)) as database:
            return list(_Erased(Path(folder), House(stack, database), database).figures())


@dataclass(frozen=True, slots=True)
class _Erased:
    folder: Path
    house: House
    database: Database

    def figures(self) -> Iterator[Figure]:
        """In the order in which it happens."""
        people, staying = [Applicant() for _ in range(PEOPLE)], Applicant()
        for applicant in (*people, staying):
            self.house.take_in(applicant)
        marks = [mark for applicant in people for mark in applicant.marks]
        yield MARKS.measured(len(marks))
        yield CONTROL.measured(sum(self._own_export(applicant) for applicant in people))
        backup = self._keys()[:PEOPLE]
        for applicant in people:
            self.house.api.delete(f"/v1/applicants/{applicant.reference}").raise_for_status()
        yield from self._searched(marks)
        yield OBJECTS_LEFT.measured(self._left(people))
        yield self._verified()
        yield BACKED_UP.measured(self._opened(backup))
        self._rotate()
        yield FROM_BACKUP.measured(self._opened(backup))
        yield STAYING.measured(len(self.house.pictures(staying)))

    def _own_export(self, applicant: Applicant) -> int:
        answer = self.house.api.get(f"/v1/applicants/{applicant.reference}/export").raise_for_status()
        with zipfile.ZipFile(BytesIO(answer.content)) as archive:
            contents = [archive.read(name) for name in archive.namelist()]
        return sum(places([mark], contents) > 0 for mark in applicant.kept_marks)

    def _searched(self, marks: Sequence[bytes]) -> Iterator[Figure]:
        yield IN_TABLES.measured(places(marks, self.house.rows()))
        yield IN_STORE.measured(places(marks, self.house.objects()))
        yield ON_DISK.measured(places(marks, files(self.folder)))
        yield ON_DISK_CONTROL.measured(places([next(self.house.store.keys("")).encode()], files(self.folder)))
        log = self.folder / "log"
        export_log(self.house.settings, log)
        yield IN_EXPORTS.measured(places(marks, [*files(log), *self._answers()]))

    def _answers(self) -> Iterator[bytes]:
        for asked in (
            "decisions?format=csv",
            "decisions?format=ndjson",
            "decisions?limit=200",
            "applications?limit=200",
        ):
            yield self.house.api.get(f"/v1/{asked}").raise_for_status().content

    def _left(self, people: Sequence[Applicant]) -> int:
        gone = {applicant.application_id for applicant in people}
        return sum(orphans.application_of(name) in gone for name in self.house.store.keys(""))

    def _verified(self) -> Figure:
        ended = run("-m", "cli.main", "audit", "verify", self.folder / "log", timeout_s=120)
        return VERIFIED.found(ended.last_words.partition(",")[0], ok=ended.status == 0)

    def _keys(self) -> list[Row]:
        with self.database.transaction() as session:
            return list(session.scalars(select(Row).order_by(Row.id)))

    def _opened(self, backup: Sequence[Row]) -> int:
        return sum(_opens(lambda row=row: key_of(self.house.kms, row)) for row in backup)  # type: ignore[misc]

    def _rotate(self) -> None:
        """Change the master key and destroy the old one, an hour later by the files' clock."""
        keys = self.house.settings.master_keys
        newest = new_master_key(keys)
        list(rotation.rewrap(self.database, self.house.kms, ACTOR))
        an_hour_ago = self.house.kms.made_at(newest) - 3600
        os.utime(keys / f"{newest}.key", (an_hour_ago, an_hour_ago))
        with self.database.transaction() as session:
            rotation.destroy_old(session, self.house.kms, ACTOR)


def _opens(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except KeyMissing:
        return False
    return True


ERASURE = Proof("erasure", PROMISES, erasures)
