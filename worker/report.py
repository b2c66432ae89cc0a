"""The one form in which a check of a photo is told: by `photogate check --json` and to `POST /v1/checks`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from photogate.errors import PhotogateError
from photogate.screening.decision import Decision
from photogate.screening.measurements import Measurements

REFUSED = "refused"
"""The verdict on a file that intake would not take."""


@dataclass(frozen=True, slots=True)
class Report:
    """A verdict with everything it rests on; `model` is the classifier's name@version, None when it did not run."""

    verdict: str
    reasons: tuple[Mapping[str, Any], ...]
    found: Measurements
    model: str | None

    @classmethod
    def of(cls, found: Measurements, decision: Decision) -> "Report":
        """What the policy says of these measurements."""
        reasons = tuple(reason.to_json() for reason in decision.reasons)
        return cls(decision.verdict.value, reasons, found, next(iter(found.models), None))

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
            "faces": None if found.faces is None else len(found.faces),
            "box": _box(found),
            "quality": dict(found.quality),
            "ms": {stage: round(ms, 3) for stage, ms in found.ms.items()},
            "model": self.model,
        }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _box(found: Measurements) -> list[int] | None:
    """The largest face as x, y, width, height in pixels of the upright photo."""
    if not found.faces:
        return None
    box = found.faces[0].box
    return [round(side) for side in (box.x, box.y, box.width, box.height)]
