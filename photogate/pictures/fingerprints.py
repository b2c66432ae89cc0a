"""What a picture is known again by, as numbers; they are taken of its crop by `models.fingerprints`."""

from collections.abc import Sequence
from dataclasses import dataclass

from photogate.screening.likeness import PICTURE_BITS

BANDS = 12
BAND_BITS = 20
"""Together the 240 lowest frequencies, which change least (docs/adr/0022-pictures.md)."""


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
    """The words of an index by which pictures that differ in few bits are found: one for each stretch of bits.

    Each names its stretch, so that the same bits in another place are another word.
    """
    whole = int.from_bytes(perceptual)
    words = (whole >> (PICTURE_BITS - BAND_BITS * (place + 1)) & (1 << BAND_BITS) - 1 for place in range(BANDS))
    return [place << BAND_BITS | word for place, word in enumerate(words)]


def bits(perceptual: bytes) -> str:
    """As Postgres reads a string of bits."""
    return f"x{perceptual.hex()}"


def read(written: str) -> bytes:
    """A perceptual hash as Postgres tells it: a string of 256 zeros and ones."""
    return int(written, 2).to_bytes(PICTURE_BITS // 8)


def written(perceptual: bytes) -> str:
    """What `read` reads."""
    return f"{int.from_bytes(perceptual):0{PICTURE_BITS}b}"
