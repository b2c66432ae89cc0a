"""What a picture is known again by, as numbers; they are taken of its crop by `models.fingerprints`."""

from collections.abc import Sequence
from dataclasses import dataclass

from photogate.screening.likeness import PICTURE_BITS

BANDS = 16
BAND_BITS = 26
PLACES = tuple(
    tuple((8 * band + place * (2 * band + 1)) % (PICTURE_BITS // 2) for place in range(BAND_BITS))
    for band in range(BANDS)
)
"""The bits of each band, among the lower frequencies, which change least: strides are odd, so that none comes twice."""


@dataclass(frozen=True, slots=True)
class Embedding:
    """Which way a picture lies, as the network `model` sees it: 128 signs. Other networks' signs mean other things."""

    model: str
    signs: bytes


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A picture's perceptual hash (256 bits) and that of its mirror image, most significant bit first."""

    direct: bytes
    mirrored: bytes
    embedding: Embedding | None = None

    @property
    def bands(self) -> Sequence[int]:
        """The bands of both."""
        return sorted({*bands(self.direct), *bands(self.mirrored)})


def bands(perceptual: bytes) -> list[int]:
    """The words of an index by which pictures that differ in few bits are found: one for each of 16 choices of bits.

    Each names its choice, so that the same bits in other places are another word.
    """
    whole = written(perceptual)
    return [band << BAND_BITS | int("".join([whole[place] for place in places]), 2) for band, places in _CHOICES]


def bits(perceptual: bytes) -> str:
    """As Postgres reads a string of bits."""
    return f"x{perceptual.hex()}"


def read(written: str) -> bytes:
    """A perceptual hash as Postgres tells it: a string of 256 zeros and ones."""
    return int(written, 2).to_bytes(PICTURE_BITS // 8)


def written(perceptual: bytes) -> str:
    """What `read` reads."""
    return f"{int.from_bytes(perceptual):0{PICTURE_BITS}b}"


_CHOICES = tuple(enumerate(PLACES))
