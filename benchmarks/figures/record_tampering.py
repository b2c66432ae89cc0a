"""Whether an export, verified against a checkpoint kept elsewhere, shows what a superuser did to the log."""

import itertools
import random
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from benchmarks.figures.promise import Context, Figure, Promise, Proof
from benchmarks.fresh import Fresh, fresh_house
from benchmarks.intruder import Backup, Cover, Crime, Intruder, unstoppable
from photogate.audit import service as audit
from photogate.audit.exported import Export
from photogate.audit.exports import export
from photogate.audit.notes import PrivateKey
from photogate.audit.tables import EventKind
from photogate.audit.verification import verify
from photogate.database import Database, new_id
from photogate.errors import PhotogateError
from photogate.storage import S3PhotoStore
from worker.sequencing import Publication, Sequencer, to_store

CASES = 1_000
EVENTS = 400
CHECKPOINTS = 12
BACKUPS = 4
SEED = 9162

TRIED = Promise(
    "random cases of tampering as the database superuser: change, delete, insert, reorder, truncate, roll back",
    least=CASES,
)
FOUND = Promise("of them found against the last checkpoint kept elsewhere", "%", least=100)
MISNAMED = Promise("of those that left the log's own hashes alone, another event named than the first", least=0, most=0)
FALSE_ALARMS = Promise("untouched logs in between with which a fault is found", least=0, most=0)


@dataclass(frozen=True, slots=True)
class Case:
    """What was done and covered up; `first` is the event where it began, None where nobody could tell."""

    crime: Crime
    cover: Cover
    first: int | None
    said: str | int | None
    """The number of the event that was named, the sentence that refused the export, or None: all is well."""


class House:
    """A log of some hundred events with its checkpoints, the last of which lies in the store."""

    def __init__(self, fresh: Fresh, app: Database, superuser: Database, draw: random.Random) -> None:
        """Write the log, and keep some of its states."""
        self._app, self._superuser, self._draw = app, superuser, draw
        self._key = PrivateKey.load(fresh.settings.checkpoint_key_file)
        self._store = S3PhotoStore(fresh.settings)
        self._backups = list(self._grow(Sequencer(fresh.settings, app)))
        self._now = self._backups.pop()
        self._outside = self._store.get(max(self._store.keys("checkpoints/"))).decode()

    def tampered(self, crime: Crime, cover: Cover, folder: Path) -> Case:
        """Commit a crime, verify what is exported afterwards, and undo it."""
        with unstoppable(self._superuser) as session:
            first = Intruder(session, self._draw, self._backups, self._key).commit(crime, cover)
        try:
            return Case(crime, cover, first, self.verified(folder))
        finally:
            with unstoppable(self._superuser) as session:
                self._now.put_back(session)

    def verified(self, folder: Path) -> str | int | None:
        """What is said of the log as it stands: the event named, the refusal, or None."""
        try:
            export(self._app, folder, self._key.public, lambda *_: None)
            found = verify(Export(folder), self._key.public, against=[self._outside], witnesses=[], told=lambda _: None)
        except PhotogateError as refusal:
            return refusal.detail
        return None if found.fault is None else found.fault.first

    def forget_backups(self) -> None:
        """Leave the database as it was found."""
        with self._superuser.transaction() as session:
            for backup in (*self._backups, self._now):
                backup.forget(session)

    def _grow(self, sequencer: Sequencer) -> Iterator[Backup]:
        """Let events happen between one checkpoint and the next; yields states of the log, the last one at the end."""
        publication = Publication(self._app, to_store(self._store))
        for turn in range(CHECKPOINTS):
            with self._app.transaction() as session:
                for _ in range(EVENTS // CHECKPOINTS):
                    self._happen(session)
            sequencer.turn()
            publication.turn()
            if turn >= CHECKPOINTS - BACKUPS:
                with self._superuser.transaction() as session:
                    yield Backup(session, f"backup_{turn}")

    def _happen(self, session: Session) -> None:
        kind = self._draw.choice((EventKind.DECISION_MADE, EventKind.CASE_VIEWED, EventKind.SIGNED_IN))
        verdict, p_real = self._draw.choice(("in_review", "rejected")), round(self._draw.random(), 4)
        audit.append(session, kind, f"user:{new_id()}", application_id=new_id(), verdict=verdict, p_real=p_real)


def tampering(context: Context) -> list[Figure]:
    """Commit a thousand crimes, one after another, each on the same log."""
    count = context.share(CASES)
    draw = random.Random(SEED)
    kinds = list(itertools.product(Crime, Cover))
    with _house(draw) as house, TemporaryDirectory(prefix="photogate-exports-") as folder:
        exports = (Path(folder) / str(number) for number in itertools.count())
        alarms = [house.verified(next(exports)) for _ in range(10)]
        cases = []
        for number in range(count):
            cases.append(house.tampered(*kinds[number % len(kinds)], next(exports)))
            context.told(number, count)
        alarms += [house.verified(next(exports)) for _ in range(10)]
    return [
        TRIED.measured(len(cases)),
        FOUND.measured(100 * sum(case.said is not None for case in cases) / len(cases)),
        MISNAMED.measured(sum(case.first is not None and case.said != case.first for case in cases)),
        FALSE_ALARMS.measured(sum(alarm is not None for alarm in alarms)),
    ]


@contextmanager
def _house(draw: random.Random) -> Iterator[House]:
    with (
        fresh_house() as fresh,
        closing(Database(fresh.settings.database_url)) as app,
        closing(Database(fresh.superuser_url)) as superuser,
    ):
        yield House(fresh, app, superuser, draw)


TAMPERING = Proof("tampering", (TRIED, FOUND, MISNAMED, FALSE_ALARMS), tampering)
