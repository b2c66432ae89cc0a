"""Pictures that are the same to the eye: a 64-bit perceptual hash finds candidates, their small grey copies confirm."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.pixels import Pixels

_SAMPLED_PX = 32
_KEPT = 8
_BITS = 8

LEAST_CORRELATION = 0.9
"""Of the grey copies of two pictures that are the same to the eye."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is kept of a picture to know it again: the hash, and its (32, 32) uint8 grey copy."""

    phash: int
    grey: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two files that look the same: by how many of 64 bits they differ, and how their grey copies correlate."""

    first: str
    second: str
    bits: int
    correlation: float


def fingerprint(pixels: Pixels) -> Fingerprint:
    """Take the fingerprint of (H, W, 3) uint8 RGB.

    The hash says which of the 64 lowest DCT coefficients of the grey copy exceed their median: the same figure as a
    manifest's `phash` column and as ImageHash's `phash`.
    """
    grey = np.asarray(Image.fromarray(pixels).convert("L").resize((_SAMPLED_PX, _SAMPLED_PX), Image.Resampling.LANCZOS))
    lowest = cv2.dct(grey.astype(np.float32))[:_KEPT, :_KEPT]
    return Fingerprint(int.from_bytes(np.packbits(lowest > np.median(lowest)).tobytes(), "big"), grey)


def near_duplicates(splits: Mapping[str, Mapping[str, Fingerprint]]) -> Iterator[Pair]:
    """Pairs across splits; `splits` is file → fingerprint for each split. The most alike of two splits come first."""
    for first, second in combinations(splits.values(), 2):
        yield from sorted(_pairs(first, second), key=lambda pair: -pair.correlation)


def candidates(first: Sequence[int], second: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The places of all pairs whose hashes say that they may be the same picture."""
    hashes = np.array(second, dtype=np.uint64)
    for place, phash in enumerate(first):
        near = np.flatnonzero(np.bitwise_count(hashes ^ np.uint64(phash)) <= _BITS)
        yield from ((place, other) for other in near.tolist())


def _pairs(first: Mapping[str, Fingerprint], second: Mapping[str, Fingerprint]) -> Iterator[Pair]:
    ones, others = list(first.items()), list(second.items())
    for here, there in candidates([seen.phash for _, seen in ones], [seen.phash for _, seen in others]):
        (file, found), (other, seen) = ones[here], others[there]
        alike = correlation(found.grey, seen.grey)
        if alike >= LEAST_CORRELATION:
            yield Pair(file, other, (found.phash ^ seen.phash).bit_count(), alike)


def correlation(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> float:
    """Pearson's r of two grey copies; two flat ones are alike, a flat one is like nothing else."""
    a, b = (grey.astype(np.float64).ravel() - grey.mean() for grey in (first, second))
    spread = float(np.linalg.norm(a) * np.linalg.norm(b))
    if spread == 0:
        return float(not a.any() and not b.any())
    return float(a @ b) / spread
