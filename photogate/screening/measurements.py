"""What the models measured on one photo; `None` means not assessed, never passed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """A face's place in pixels of the upright photo; the origin is the top left corner."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Face:
    """One face that the detector found, with the detector's own score."""

    box: BoundingBox
    score: float


@dataclass(frozen=True, slots=True)
class Measurements:
    """Everything known about one photo when it is judged.

    `quality` holds ISO/IEC 29794-5 scores (0-100) by measure name, `models` the SHA-256 of every model that measured
    by its name@version, `ms` the milliseconds each stage took.
    """

    width: int | None = None
    height: int | None = None
    unreadable: str | None = None
    faces: tuple[Face, ...] | None = None
    p_real: float | None = None
    p_ai_generated: float | None = None
    quality: Mapping[str, float] = field(default_factory=dict)
    models: Mapping[str, str] = field(default_factory=dict)
    ms: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The form kept in assessments; `from_json` reads it back."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        faces = kept["faces"]
        return cls(**{**kept, "faces": None if faces is None else tuple(map(_face, faces))})


def _face(kept: Mapping[str, Any]) -> Face:
    return Face(box=BoundingBox(**kept["box"]), score=kept["score"])
