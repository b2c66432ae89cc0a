"""Millions of fingerprints by COPY: uniform ones would flatter the index, so they are drawn after those of real crops.

Each synthetic picture's frequencies are those of two real ones, mixed, and a little of its own; its hash is taken of
them as of a picture's.
"""

import io
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from psycopg2 import extensions

from models.fingerprints import hashes_of, mirrored
from photogate.pictures.fingerprints import BAND_BITS, BANDS, PLACES, Fingerprint
from photogate.screening.likeness import PICTURE_BITS

Bytes = NDArray[np.uint8]
Frequencies = NDArray[np.float32]

BATCH, KEPT = 100_000, 1_000
_INT4_OID, _MICROSECONDS_2000 = 23, 946_684_800_000_000
_COLUMNS = "photo_id, applicant_id, perceptual, bands, created_at"
_COPY = f"COPY picture_fingerprints ({_COLUMNS}) FROM STDIN (FORMAT binary)"
_WORD = np.dtype([("length", ">i4"), ("word", ">i4")])
_ID, _HASH = "V16", f"V{PICTURE_BITS // 8}"
_ROW = np.dtype(
    [
        ("fields", ">i2"),
        *(("photo_bytes", ">i4"), ("photo", _ID)),
        *(("applicant_bytes", ">i4"), ("applicant", _ID)),
        *(("hash_bytes", ">i4"), ("hash_bits", ">i4"), ("hash", _HASH)),
        *(("bands_bytes", ">i4"), ("dimensions", ">i4"), ("nulls", ">i4"), ("element", ">i4")),
        *(("count", ">i4"), ("first", ">i4"), ("words", _WORD, (BANDS,))),
        *(("time_bytes", ">i4"), ("time", ">i8")),
    ]
)
"""A row in the binary form of COPY; every one has the same length."""


def load(
    cursor: extensions.cursor, real: Frequencies, pictures: int, told: Callable[[int], object]
) -> list[Fingerprint]:
    """Write so many fingerprints of as many applicants, as the superuser; returns some of them."""
    cursor.execute("SET session_replication_role = replica")  # there are no photos that they could belong to
    cursor.execute("ALTER TABLE picture_fingerprints SET UNLOGGED")
    cursor.execute("DROP INDEX ix_picture_fingerprints_bands")
    draw, kept, loaded, every = np.random.default_rng(7), [], 0, max(1, pictures // KEPT)
    for lowest in _batches(real, pictures, draw):
        cursor.copy_expert(_COPY, _written(hashes_of(lowest), loaded))
        kept += fingerprints(lowest[::every])
        loaded += len(lowest)
        told(loaded)
    cursor.execute("SET maintenance_work_mem = '1GB'")
    cursor.execute(
        "CREATE INDEX ix_picture_fingerprints_bands ON picture_fingerprints USING gin (bands) WITH (fastupdate = off)"
        " WHERE bands IS NOT NULL"
    )
    cursor.execute("VACUUM (ANALYZE) picture_fingerprints")
    return kept


def mixed(real: Frequencies, count: int, draw: np.random.Generator) -> Frequencies:
    """(count, 256) coefficients of pictures that were never there."""
    one, other = (real[draw.integers(0, len(real), count)] for _ in range(2))
    share = draw.uniform(0.2, 0.8, (count, 1)).astype(np.float32)
    own = draw.standard_normal((count, real.shape[1]), np.float32) * real.std(axis=0) / 2
    return share * one + (1 - share) * other + own


def fingerprints(lowest: Frequencies) -> list[Fingerprint]:
    """Of (N, 256) coefficients, with those of the mirror images: they are asked for too."""
    both = hashes_of(lowest), hashes_of(mirrored(lowest))
    return [Fingerprint(direct.tobytes(), turned.tobytes()) for direct, turned in zip(*both, strict=True)]


def flipped(pictures: Sequence[Fingerprint], draw: np.random.Generator, most: int) -> list[Fingerprint]:
    """Each with 1 to `most` of its bits the other way round.

    The higher its frequency, the likelier a bit turns, as it is when pictures are compressed and made smaller.
    """
    likely = np.linspace(1, 3, PICTURE_BITS)
    changed = []
    for picture in pictures:
        bits = np.unpackbits(np.frombuffer(picture.direct, np.uint8))
        turned = draw.choice(PICTURE_BITS, draw.integers(1, most + 1), replace=False, p=likely / likely.sum())
        bits[turned] ^= 1
        changed.append(replace(picture, direct=np.packbits(bits).tobytes()))
    return changed


def _batches(real: Frequencies, pictures: int, draw: np.random.Generator) -> Iterator[Frequencies]:
    for start in range(0, pictures, BATCH):
        yield mixed(real, min(BATCH, pictures - start), draw)


def _written(hashes: Bytes, before: int) -> io.BytesIO:
    rows = np.zeros(len(hashes), _ROW)
    sizes = {"photo": 16, "applicant": 16, "hash": 4 + PICTURE_BITS // 8, "bands": 20 + 8 * BANDS, "time": 8}
    for name, size in sizes.items():
        rows[f"{name}_bytes"] = size
    rows["fields"], rows["hash_bits"], rows["hash"] = 5, PICTURE_BITS, hashes.view(_HASH)[:, 0]
    rows["dimensions"], rows["element"], rows["count"], rows["first"] = 1, _INT4_OID, BANDS, 1
    rows["words"]["length"], rows["words"]["word"] = 4, band_words(hashes)
    ids = [UUID(int=(before + number << 64) | 1 << 100).bytes for number in range(len(hashes))]
    rows["photo"] = np.frombuffer(b"".join(ids), "V16")
    rows["applicant"] = rows["photo"]
    rows["time"] = int(time.time() * 1e6) - _MICROSECONDS_2000
    return io.BytesIO(b"PGCOPY\n\xff\r\n\0" + bytes(8) + rows.tobytes() + b"\xff\xff")


def band_words(hashes: Bytes) -> NDArray[np.int64]:
    """(N, 32) -> (N, BANDS), the same as `photogate.pictures.fingerprints.bands` says of each."""
    chosen = np.unpackbits(hashes, axis=1)[:, np.array(PLACES)]
    return chosen @ (1 << np.arange(BAND_BITS - 1, -1, -1)) + (np.arange(BANDS) << BAND_BITS)
