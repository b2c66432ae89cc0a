"""Where the same picture was seen before: what a look-up among all pictures found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

PICTURE_BITS = 256
"""The length of a picture's perceptual hash."""

FURTHEST_BITS = 32
"""How far the look-up goes; of what differs in more bits it says nothing."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """The same picture elsewhere: a photo's id or, of a known placeholder, its own, and by how many bits they differ.

    `mirrored` says that it is the same with left and right exchanged.
    """

    id: str
    bits: int
    mirrored: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """The same picture from another applicant, as one that a person refused, and in the bank of placeholders."""

    elsewhere: Likeness | None = None
    refused: Likeness | None = None
    placeholder: Likeness | None = None

    def to_json(self) -> dict[str, Any]:
        """The form kept in assessments; `from_json` reads it back."""
        return {
            name: found and {"id": found.id, "bits": found.bits, "mirrored": found.mirrored}
            for name in self.__slots__
            for found in [getattr(self, name)]
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(**{name: found and Likeness(**found) for name, found in kept.items()})


NOWHERE = Seen()
"""Looked up, and not found."""
