"""The one form in which a check of a photo is told: by `photogate check --json` and to `POST /v1/checks`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from photogate.errors import PhotogateError
from photogate.screening.decision import Decision
from photogate.screening.measurements import Face, Measurements, QualityMeasure
from worker.heat_map import HeatMap
from worker.opinions import Opinion

REFUSED = "refused"
"""The verdict on a file that intake would not take."""


@dataclass(frozen=True, slots=True)
class Report:
    """A verdict with everything it rests on; `model` is the classifier's name@version, None when it did not run.

    `opinions` are those of every model that was asked; the verdict rests on the first one's alone.
    """

    verdict: str
    reasons: tuple[Mapping[str, Any], ...]
    found: Measurements
    model: str | None
    opinions: tuple[Opinion, ...] = ()
    heat_map: HeatMap | None = None

    @classmethod
    def of(
        cls,
        found: Measurements,
        decision: Decision,
        opinions: tuple[Opinion, ...] = (),
        heat_map: HeatMap | None = None,
    ) -> "Report":
        """What the policy says of these measurements."""
        reasons = tuple(reason.to_json() for reason in decision.reasons)
        return cls(decision.verdict.value, reasons, found, next(iter(found.models), None), opinions, heat_map)

    @classmethod
    def of_refusal(cls, error: PhotogateError) -> "Report":
        """What intake says of a file that it does not take: nothing was measured."""
        reason = {"code": error.code, "disposition": "retry", "audience": "public", "detail": error.detail}
        return cls(REFUSED, (reason,), Measurements(), None)

    @property
    def codes(self) -> tuple[str, ...]:
        """The reasons' codes, in the order of judgement."""
        return tuple(reason["code"] for reason in self.reasons)

    def to_json(self, file: str | None = None) -> dict[str, Any]:
        """The stable form, see docs/check.md; None stands for what was not assessed."""
        found = self.found
        return {
            **({} if file is None else {"file": file}),
            "verdict": self.verdict,
            "reasons": [dict(reason) for reason in self.reasons],
            "p_real": _rounded(found.p_real, 6),
            "p_ai_generated": _rounded(found.p_ai_generated, 6),
            "strangeness": _rounded(found.strangeness, 3),
            "faces": None if found.faces is None else len(found.faces),
            "box": box_of(found.faces[0]) if found.faces else None,
            "landmarks": landmarks_of(found.faces[0]) if found.faces else None,
            "quality": {name: _measure(measure) for name, measure in found.quality.items()},
            "models": [opinion.to_json() for opinion in self.opinions],
            "heat_map": self.heat_map and self.heat_map.to_json(),
            "ms": {stage: round(ms, 3) for stage, ms in found.ms.items()},
            "model": self.model,
        }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _measure(measure: QualityMeasure) -> dict[str, Any]:
    return {**asdict(measure), "native": _rounded(measure.native, 6)}


def box_of(face: Face) -> list[int]:
    """x, y, width, height in pixels of the upright photo."""
    box = face.box
    return [round(side) for side in (box.x, box.y, box.width, box.height)]


def landmarks_of(face: Face) -> list[list[float]] | None:
    """Five places as x, y in pixels of the upright photo; None from a detector that knows none."""
    return None if face.landmarks is None else [[round(x, 1), round(y, 1)] for x, y in face.landmarks]
