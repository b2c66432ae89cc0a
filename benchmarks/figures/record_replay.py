"""Whether decisions come out the same again: the samples decided by a running house, replayed, forged, replayed."""

from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import httpx
from sqlalchemy import select
from sqlalchemy.engine import make_url

from benchmarks.figures.programs import ROOT
from benchmarks.figures.promise import Context, Figure, Promise, Proof
from cli.samples import SampleRun, read_expected
from embedded.provision import connect
from embedded.stack import Ports, Stack
from models.registry import Registry
from photogate.access.keys import create_key
from photogate.access.tables import Scope
from photogate.applicants.master_keys import KeyFolder
from photogate.applications.tables import DecisionRecord
from photogate.database import Database
from photogate.storage import S3PhotoStore
from worker.replay import Kept, replay

SAMPLES = ROOT / "samples"
FORGE = """
UPDATE assessments SET measurements = jsonb_set(measurements, '{p_real}',
    to_jsonb((measurements->>'p_real')::float8 - 0.001)) WHERE measurements->>'p_real' IS NOT NULL
"""

REPLAYED = Promise("decisions of the samples computed again from crop, models and policy", least=20)
DIFFERENT = Promise("of them that come out otherwise (scores beyond 0.0001, verdict or reasons)", least=0, most=0)
UNSEEN = Promise("of them, each score forged by 0.001 in the database, that a replay takes for true", least=0, most=0)


def replays(_context: Context) -> list[Figure]:
    """Decide the samples over HTTP with a real worker, and compute every decision again twice."""
    with TemporaryDirectory(prefix="photogate-replays-") as folder, Stack(Path(folder), Ports.free()) as stack:
        stack.start()
        with closing(Database(stack.settings.database_url)) as database:
            _decide(stack, database)
            honest = _replayed(stack, database, _decisions(database))
            _forge(stack)
            forged = _replayed(stack, database, [decision for decision, (_, is_scored) in honest.items() if is_scored])
    return [
        REPLAYED.measured(len(honest)),
        DIFFERENT.measured(sum(not agrees for agrees, _ in honest.values())),
        UNSEEN.measured(sum(agrees for agrees, _ in forged.values())),
    ]


def _decide(stack: Stack, database: Database) -> None:
    with database.transaction() as session:
        key = create_key(session, "benchmark", [Scope.PHOTO_WRITE, Scope.APPLICATION_READ], actor="user:benchmark")
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=stack.settings.api_url, headers=headers, timeout=60) as api:
        SampleRun(api, database, SAMPLES).outcomes(read_expected(SAMPLES), lambda: None)


def _decisions(database: Database) -> list[UUID]:
    with database.transaction() as session:
        return list(session.scalars(select(DecisionRecord.id)))


def _replayed(stack: Stack, database: Database, decisions: list[UUID]) -> dict[UUID, tuple[bool, bool]]:
    """Return of each decision whether it came out the same, and whether a model had scored it."""
    settings = stack.settings
    kept = Kept(S3PhotoStore(settings), KeyFolder(settings.master_keys), Registry(settings.models_folder))
    found = {}
    for decision in decisions:
        with database.transaction() as session:
            again = replay(session, kept, decision)
        found[decision] = again.agrees, bool(again.models)
    return found


def _forge(stack: Stack) -> None:
    """Change every score, as somebody whom no right stops."""
    superuser = make_url(stack.services.superuser_url).set(database="photogate")
    with closing(connect(superuser)) as connection, connection.cursor() as cursor:
        cursor.execute(FORGE)


REPLAYS = Proof("replays", (REPLAYED, DIFFERENT, UNSEEN), replays)
