"""What the models measured on one photo; `None` means not assessed, never passed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from photogate.screening.likeness import Seen


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """A face's place in pixels of the upright photo; the origin is the top left corner."""

    x: float
    y: float
    width: float
    height: float


Landmarks = tuple[tuple[float, float], ...]
"""Five points x, y in pixels of the upright photo: eyes, tip of the nose, mouth corners; the viewer's left first."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face that the detector found, with its own score, and landmarks where it knows them."""

    box: BoundingBox
    score: float
    landmarks: Landmarks | None = None


@dataclass(frozen=True, slots=True)
class QualityMeasure:
    """A measure of ISO/IEC 29794-5: its native value, and its score from 0 (bad) to 100 (good); None: not assessed.

    `approximate` says that the value stands in for the one that the standard defines.
    """

    native: float | None = None
    score: float | None = None
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Measurements:
    """Everything known about one photo when it is judged.

    `strangeness` above 1 is unusual among the real faces that the classifier knows. `seen` tells where else the picture
    was; None: nobody looked, or it is too plain to be told from others. `quality` holds the largest face's
    measures by name, empty without a face, `models` the SHA-256 of every model that measured by its name@version,
    `ms` the milliseconds each stage took.
    """

    width: int | None = None
    height: int | None = None
    unreadable: str | None = None
    faces: tuple[Face, ...] | None = None
    p_real: float | None = None
    p_ai_generated: float | None = None
    strangeness: float | None = None
    seen: Seen | None = None
    quality: Mapping[str, QualityMeasure] = field(default_factory=dict)
    models: Mapping[str, str] = field(default_factory=dict)
    ms: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The form kept in assessments; `from_json` reads it back."""
        # By hand: `dataclasses.asdict` copies every leaf, and takes a millisecond of each photo for it.
        return {
            **_values(self),
            "faces": None
            if self.faces is None
            else [{**_values(face), "box": _values(face.box)} for face in self.faces],
            "seen": self.seen and self.seen.to_json(),
            "quality": {name: _values(measure) for name, measure in self.quality.items()},
            "models": dict(self.models),
            "ms": dict(self.ms),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        faces, seen = kept["faces"], kept.get("seen")  # assessments of before this version have no `seen`
        return cls(
            **{
                **kept,
                "faces": None if faces is None else tuple(map(_face, faces)),
                "seen": None if seen is None else Seen.from_json(seen),
                "quality": {name: _quality(measure) for name, measure in kept["quality"].items()},
            }
        )


def _values(measured: BoundingBox | Face | QualityMeasure | Measurements) -> dict[str, Any]:
    return {name: getattr(measured, name) for name in measured.__slots__}


def _face(kept: Mapping[str, Any]) -> Face:
    landmarks = kept.get("landmarks")  # assessments of before this version have none
    return Face(
        box=BoundingBox(**kept["box"]),
        score=kept["score"],
        landmarks=None if landmarks is None else tuple((x, y) for x, y in landmarks),
    )


def _quality(kept: Mapping[str, Any] | float) -> QualityMeasure:
    """Assessments are never rewritten, and the first ones kept a score alone."""
    return QualityMeasure(score=kept) if isinstance(kept, int | float) else QualityMeasure(**kept)
