"""Whether a picture is known again among ten million, and whether what is put together belongs together."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from random import Random
from typing import NamedTuple
from uuid import UUID

import cv2
import numpy as np
from sqlalchemy import select
from sqlalchemy.engine import make_url

from benchmarks.figures.promise import Context, Figure, NotMeasured, Promise, Proof
from benchmarks.fresh import Fresh, fresh_house
from benchmarks.many_pictures import Frequencies, fingerprints, flipped, load
from embedded.provision import connect
from models.decoding import decode
from models.detection.face import FaceDetector
from models.detection.load import load_detector
from models.fingerprints import frequencies, perceptual_hash
from models.pixels import Pixels
from models.preparation import face_crop
from models.training.duplicates import LEAST_CORRELATION, candidates, correlation, fingerprint
from models.training.errors import TrainingError
from models.training.manifest import Row, read_manifest
from photogate.database import Database, new_id
from photogate.pictures import service
from photogate.pictures.fingerprints import Fingerprint, bands, written
from photogate.pictures.service import SAME_BITS
from photogate.pictures.tables import PictureFingerprint

PICTURES, ASKED, MODELLED_ON = 10_000_000, 400, 1_500
SEED, SHORT_SIDE_PX = 20_261_122, 640

LOADED = Promise("pictures looked up among", least=PICTURES)
EXACT = Promise("the very same picture looked up, 95 of 100 take at most", "ms", most=10)
NEAR = Promise(f"one that differs in 1 to {SAME_BITS} bits, 95 of 100", "ms", most=10)
ABSENT = Promise("a real crop that is not there, 95 of 100", "ms", most=10)
REMEMBERED = Promise("one more picture remembered, 95 of 100", "ms", most=10)
FOUND = Promise(f"pictures that differ in 1 to {SAME_BITS} bits, found again", "of 100", least=95)
PRECISION = Promise("pairs in one cluster that are variants of one placeholder", "of 100", least=99)
RECALL = Promise("pairs of variants of one placeholder that are in one cluster", "of 100: measured, nothing promised")
LOOK_UPS = LOADED, EXACT, NEAR, ABSENT, REMEMBERED, FOUND
CLUSTERS = PRECISION, RECALL

VARIANTS: Mapping[str, Callable[[Pixels], Pixels]] = {
    "compressed": lambda picture: picture,
    "half the size": lambda picture: cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA),
    "brighter": lambda picture: cv2.convertScaleAbs(picture, alpha=1.15, beta=10),
    "grey": lambda picture: cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB),
}
"""What happens to a picture before an applicant sends it; each is saved as JPEG again."""
QUALITY = {"compressed": 40}


def look_ups(context: Context) -> list[Figure]:
    """Load fingerprints after the statistics of real crops, and look pictures up and remember them as a worker does.

    What is not there are real crops of which nothing that is there was mixed.
    """
    wanted = context.share(PICTURES)
    draw = np.random.default_rng(SEED)
    crops, real = np.split(draw.permutation(_frequencies(context)), [ASKED])
    with fresh_house() as house, closing(connect(make_url(house.superuser_url))) as connection:
        with connection.cursor() as cursor:
            kept = load(cursor, real, wanted, lambda loaded: context.told(loaded, wanted))
        database = Database(house.settings.database_url)
        _timed(database, kept[:100])  # warms up
        exact, _ = _timed(database, kept[100 : 100 + ASKED])
        near, found = _timed(database, flipped(kept[:ASKED], draw, SAME_BITS))
        absent, _ = _timed(database, fingerprints(crops))
        _without_photos(house)
        remembered = _remembered(house.settings.database_url, fingerprints(crops))
        database.close()
    asked = (EXACT, exact), (NEAR, near), (ABSENT, absent), (REMEMBERED, remembered)
    return [
        LOADED.measured(wanted),
        *(promise.measured(_p95(ms)) for promise, ms in asked),
        FOUND.measured(100 * found / ASKED),
    ]


def _timed(database: Database, asked: Sequence[Fingerprint]) -> tuple[list[float], int]:
    """The milliseconds of each look-up by somebody new, in a transaction of its own, and how many found a picture."""
    took, found = [], 0
    for picture in asked:
        started = time.perf_counter()
        with database.transaction() as session:
            seen = service.look_up(session, new_id(), picture).seen
        took.append((time.perf_counter() - started) * 1000)
        found += seen.elsewhere is not None
    return took, found


def _remembered(url: str, pictures: Sequence[Fingerprint]) -> list[float]:
    """The milliseconds that each takes to be written and committed."""
    took, database = [], Database(url)
    for picture in pictures:
        with database.transaction() as session:
            session.add(_row(new_id(), new_id(), picture))
            started = time.perf_counter()
        took.append((time.perf_counter() - started) * 1000)
    database.close()
    return took


def _p95(ms: Sequence[float]) -> float:
    return round(float(np.percentile(ms, 95)), 2)


def clusters(context: Context) -> list[Figure]:
    """Send every placeholder in four variants, each by somebody else, and see what is put together.

    Of all pairs of pictures in one cluster, precision is the share that are variants of one drawing; of all pairs of
    variants of one drawing, recall is the share in one cluster. A picture too plain for a hash is in no cluster.
    """
    rows = [row for row in _rows(context) if row.label == "placeholder"]
    chosen, taken, detector = rows[: context.share(len(rows))], [], load_detector()
    for number, row in enumerate(chosen):
        taken += _variants(context, row, detector)
        context.told(number, len(chosen))
    taken = [one._replace(file=kind) for one, kind in zip(taken, _kinds(context, taken), strict=True)]
    Random(SEED).shuffle(taken)
    with fresh_house() as house:
        _without_photos(house)
        database = Database(house.settings.database_url)
        for one in taken:
            _send(database, one)
        found = _found(database)
        database.close()
    return _judged(taken, found)


class Taken(NamedTuple):
    """A variant that was sent: the placeholder's file, and its fingerprint, None of a plain one."""

    photo_id: UUID
    file: str
    fingerprint: Fingerprint | None


def _variants(context: Context, row: Row, detector: FaceDetector) -> Iterator[Taken]:
    picture = decode((context.data / row.file).read_bytes(), short_side_px=SHORT_SIDE_PX).pixels
    for name, change in VARIANTS.items():
        quality = [cv2.IMWRITE_JPEG_QUALITY, QUALITY.get(name, 90)]
        _, sent = cv2.imencode(".jpg", cv2.cvtColor(change(picture), cv2.COLOR_RGB2BGR), quality)
        seen = decode(sent.tobytes(), short_side_px=SHORT_SIDE_PX).pixels
        hashed = perceptual_hash(face_crop(seen, detector.detect(seen)))
        yield Taken(new_id(), row.file, hashed and Fingerprint(hashed.direct, hashed.mirrored))


def _kinds(context: Context, taken: Sequence[Taken]) -> Iterator[str]:
    """For each variant the first file that shows the same drawing, by the grey copies that keep splits apart.

    Projects ship one drawing in several sizes; that has nothing to do with the hash that is measured here.
    """
    files = list(dict.fromkeys(one.file for one in taken))
    pictures = (decode((context.data / file).read_bytes(), short_side_px=SHORT_SIDE_PX) for file in files)
    looked = [fingerprint(picture.pixels) for picture in pictures]
    hashes, first = [seen.phash for seen in looked], list(range(len(files)))
    for one, other in candidates(hashes, hashes):
        if one < other and correlation(looked[one].grey, looked[other].grey) >= LEAST_CORRELATION:
            low, high = sorted((first[one], first[other]))
            first = [low if kind == high else kind for kind in first]
    of = {file: files[kind] for file, kind in zip(files, first, strict=True)}
    return (of[one.file] for one in taken)


def _send(database: Database, one: Taken) -> None:
    """As a worker does it, but for the rest of the application."""
    if one.fingerprint is None:
        return
    whom = new_id()
    with database.transaction() as session:
        same_as = service.look_up(session, whom, one.fingerprint).same_as
        session.add(_row(one.photo_id, whom, one.fingerprint, same_as))


def _row(photo_id: UUID, whom: UUID, taken: Fingerprint, same_as: UUID | None = None) -> PictureFingerprint:
    words = None if same_as else bands(taken.direct)
    row = {"photo_id": photo_id, "applicant_id": whom, "same_as": same_as, "bands": words}
    return PictureFingerprint(**row, perceptual=written(taken.direct))


def _found(database: Database) -> dict[UUID, UUID]:
    """The cluster of every picture that has one."""
    with database.transaction() as session:
        rows = session.scalars(select(PictureFingerprint)).all()
    joined = {row.photo_id: row.cluster_id for row in rows}
    anchors = {row.photo_id: row.same_as or row.photo_id for row in rows}
    return {photo_id: joined[anchor] or anchor for photo_id, anchor in anchors.items()}


def _judged(taken: Sequence[Taken], found: Mapping[UUID, UUID]) -> list[Figure]:
    together = Counter(found[one.photo_id] for one in taken if one.photo_id in found)
    of_one = Counter(one.file for one in taken)
    both = Counter((found[one.photo_id], one.file) for one in taken if one.photo_id in found)
    right, put_together, belong = (sum(n * (n - 1) // 2 for n in of.values()) for of in (both, together, of_one))
    return [
        PRECISION.measured(round(100 * right / put_together, 3)),
        RECALL.found(f"{100 * right / belong:.1f}", ok=True),
    ]


def _without_photos(house: Fresh) -> None:
    """Let fingerprints be written whose photos were never sent."""
    superuser = make_url(house.superuser_url)
    with closing(connect(superuser)) as connection, connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {superuser.database} SET session_replication_role = replica")


def _rows(context: Context) -> list[Row]:
    try:
        return read_manifest(context.data)
    except TrainingError as error:
        raise NotMeasured(f"there are no pictures: {error}.") from error


def _frequencies(context: Context) -> Frequencies:
    """Of crops of real faces and of placeholders, half and half: some are asked for, of the rest pictures are mixed."""
    rows, detector, made = _rows(context), load_detector(), []
    Random(SEED).shuffle(rows)
    for label in ("real", "placeholder"):
        for row in islice((row for row in rows if row.label == label), (MODELLED_ON + ASKED) // 2):
            pixels = decode((context.data / row.file).read_bytes(), short_side_px=SHORT_SIDE_PX).pixels
            made.append(frequencies(face_crop(pixels, detector.detect(pixels))))
    return np.stack(made)


PROOFS = Proof("look-ups", LOOK_UPS, look_ups), Proof("clusters", CLUSTERS, clusters)
