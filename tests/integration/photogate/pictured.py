"""Pictures as hashes, made to order: the same with some bits flipped, and others."""

import random
from collections.abc import Iterable

from photogate.applications.tables import DecisionRecord
from photogate.database import Database
from photogate.jobs import service as jobs
from photogate.pictures.fingerprints import Embedding, Fingerprint
from photogate.pictures.service import look_up
from photogate.screening.decision import decide
from photogate.screening.measurements import Measurements
from photogate.screening.profile import IssuerProfile
from tests.factories import CLIENT, PORTRAIT, PROFILE, claim, submit

EMBEDDING = Embedding("student@1", bytes(16))


def picture(seed: int, flipped: Iterable[int] = ()) -> Fingerprint:
    """A picture by its number, with some bits flipped."""
    draw = random.Random(seed)
    direct, mirrored = draw.randbytes(32), draw.randbytes(32)
    return Fingerprint(_flipped(direct, flipped), _flipped(mirrored, flipped), EMBEDDING)


def like(seed: int, bits: int, start: int = 0) -> Fingerprint:
    """The same picture after something happened to it: `bits` neighbouring bits from `start` on are flipped."""
    return picture(seed, range(start, start + bits))


def mirrored(taken: Fingerprint) -> Fingerprint:
    """Left and right exchanged."""
    return Fingerprint(taken.mirrored, taken.direct, taken.embedding)


def sent(
    database: Database,
    reference: str,
    taken: Fingerprint,
    profile: IssuerProfile = PROFILE,
    found: Measurements = PORTRAIT,
) -> tuple[DecisionRecord, Measurements]:
    """What a worker does with one applicant's picture: the decision, and what it rests on."""
    job = claim(database, submit(database, CLIENT, reference).id)
    with database.transaction() as session:
        sighting = look_up(session, job.keys.applicant_id, taken)
        seen = Measurements.from_json(found.to_json() | {"seen": sighting.seen.to_json()})
        made = decide(seen, profile, job.application_id)
        pictures = {"crop_key": "crop", "review_key": "review"}
        return jobs.finish(session, job, seen, made, **pictures, sighting=sighting), seen


def _flipped(perceptual: bytes, places: Iterable[int]) -> bytes:
    return (int.from_bytes(perceptual) ^ sum(1 << place for place in places)).to_bytes(32)
