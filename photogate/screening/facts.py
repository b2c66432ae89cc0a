"""What is told outside of a reason, besides its code: figures that the applicant can act upon."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from photogate.screening.reasons import Disposition, ReasonCode, told


class Unit(StrEnum):
    """What a figure counts."""

    SHARE_OF_HEIGHT = "share_of_height"
    FACES = "faces"
    PHOTOS = "photos"


_UNITS: Mapping[ReasonCode, Unit] = {
    ReasonCode.HEAD_SIZE: Unit.SHARE_OF_HEIGHT,
    ReasonCode.FACE_NOT_FOUND: Unit.FACES,
    ReasonCode.MULTIPLE_FACES: Unit.FACES,
    ReasonCode.RESUBMISSION_LIMIT: Unit.PHOTOS,
}
"""The reasons whose figures are told. A model's score is not among them: it would teach how to get past the model."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One reason as it may leave the house; `value` was measured, `limit` is the profile's, both in `unit` or None."""

    code: ReasonCode
    disposition: Disposition
    value: float | None = None
    limit: float | None = None
    unit: Unit | None = None

    def to_json(self) -> dict[str, Any]:
        """The form in which webhooks carry it."""
        return asdict(self)


def facts(kept: Iterable[Mapping[str, Any]]) -> tuple[Fact, ...]:
    """What may be told of reasons as they were kept."""
    return tuple(map(_fact, told(kept)))


def _fact(kept: Mapping[str, Any]) -> Fact:
    code, disposition = ReasonCode(kept["code"]), Disposition(kept["disposition"])
    unit, value, limit = _UNITS.get(code), kept.get("native"), kept.get("threshold")
    if unit is None or value is None or limit is None:
        return Fact(code, disposition)
    return Fact(code, disposition, value, limit, unit)
