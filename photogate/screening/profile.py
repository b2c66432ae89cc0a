"""An issuer's profile: the checks that a photo must pass, each with its limits, under one name and version."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Protocol

from photogate.screening.measurements import Measurements
from photogate.screening.reasons import Audience, Disposition, Reason, ReasonCode


class Check(Protocol):
    """One question to the measurements; the same object judges and tells a page its limits."""

    def judge(self, found: Measurements) -> Reason | None:
        """The reason against approval, or None when the check is passed."""


@dataclass(frozen=True, slots=True)
class Readable:
    """The file must be a photo that can be decoded."""

    def judge(self, found: Measurements) -> Reason | None:
        """FILE_UNREADABLE asks the applicant for another file."""
        if found.unreadable is None:
            return None
        return Reason(ReasonCode.FILE_UNREADABLE, Disposition.RETRY, detail=found.unreadable)


@dataclass(frozen=True, slots=True)
class RealPhoto:
    """The calibrated probability of a real face photo must be clear of the placeholders'.

    At `approve_at` or above it passes, at `refuse_at` or below the applicant is asked for a photo, and people look at
    what lies between.
    """

    approve_at: float
    refuse_at: float

    def __post_init__(self) -> None:
        if not 0 <= self.refuse_at < self.approve_at <= 1:
            message = f"refuse_at {self.refuse_at} must lie below approve_at {self.approve_at}, both within 0 and 1"
            raise ProfileError(message)

    def judge(self, found: Measurements) -> Reason | None:
        """PLACEHOLDER_IMAGE when it surely is one, LOW_CONFIDENCE when nobody can be sure."""
        if found.p_real is None:
            return not_assessed("real_photo")
        if found.p_real <= self.refuse_at:
            return self._reason(ReasonCode.PLACEHOLDER_IMAGE, Disposition.RETRY, found, self.refuse_at)
        if found.p_real < self.approve_at:
            return self._reason(ReasonCode.LOW_CONFIDENCE, Disposition.REVIEW, found, self.approve_at)
        return None

    @staticmethod
    def _reason(code: ReasonCode, disposition: Disposition, found: Measurements, threshold: float) -> Reason:
        audience = Audience.INTERNAL if code is ReasonCode.LOW_CONFIDENCE else Audience.PUBLIC
        return Reason(
            code,
            disposition,
            audience,
            native=found.p_real,
            threshold=threshold,
            model_version=next(iter(found.models), None),
        )


@dataclass(frozen=True, slots=True)
class SingleFace:
    """Exactly one face (ISO/IEC 29794-5 SingleFacePresent)."""

    def judge(self, found: Measurements) -> Reason | None:
        """A real photo with no face or with several is a person's to judge: the detector may be wrong."""
        if found.faces is None:
            return not_assessed("single_face")
        if len(found.faces) == 1:
            return None
        code = ReasonCode.MULTIPLE_FACES if found.faces else ReasonCode.FACE_NOT_FOUND
        return Reason(code, Disposition.REVIEW, native=float(len(found.faces)), threshold=1)


@dataclass(frozen=True, slots=True)
class IssuerProfile:
    """A versioned policy; a decision names it as `name@version`."""

    name: str
    version: int
    min_short_side_px: int
    max_resubmissions: int
    real_photo: RealPhoto

    @property
    def checks(self) -> tuple[Check, ...]:
        """In the order of judgement: each presupposes that those before it did not already ask for another photo."""
        return (Readable(), self.real_photo, SingleFace())

    @property
    def reference(self) -> str:
        """The exact version as decisions and print releases name it."""
        return f"{self.name}@{self.version}"


class ProfileError(ValueError):
    """A profile that cannot be used; the message names what is wrong with it."""


def not_assessed(check: str) -> Reason:
    """The reason for a check that the profile asks for and that did not run."""
    return Reason(
        ReasonCode.CHECK_NOT_ASSESSED,
        Disposition.REVIEW,
        Audience.INTERNAL,
        assessed=False,
        detail=f"{check.replace('_', ' ').capitalize()}: did not run.",
    )


def parse_profile(toml: str) -> IssuerProfile:
    """Read a profile from TOML; raises ProfileError for what is missing, unknown or out of range."""
    try:
        written = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        message = f"the profile is not valid TOML: {error}"
        raise ProfileError(message) from error
    _require_exactly(written, IssuerProfile)
    _require_exactly(written["real_photo"], RealPhoto)
    return IssuerProfile(**{**written, "real_photo": RealPhoto(**written["real_photo"])})


def _require_exactly(written: Mapping[str, Any], kind: type) -> None:
    wanted = {field.name for field in fields(kind)}
    if written.keys() != wanted:
        message = f"{kind.__name__} wants exactly {sorted(wanted)}, the profile has {sorted(written)}"
        raise ProfileError(message)
