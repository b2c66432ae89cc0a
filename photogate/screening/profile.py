"""An issuer's profile: the checks that a photo must pass, each with its limits, under one name and version."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields, replace
from typing import Any, Self

from photogate.screening.checks import CameraPhoto, Check, Readable, RealPhoto, SingleFace, UsualPhoto
from photogate.screening.deadlines import Deadlines
from photogate.screening.errors import ProfileError
from photogate.screening.fairness import Fairness
from photogate.screening.four_eyes import FourEyes
from photogate.screening.known_pictures import KnownPictures
from photogate.screening.risk import Risk

_NAME = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days after an application's last change what is kept: the submitted files, our pictures, all.

    After the last of them the applicant is erased.
    """

    original_days: int
    picture_days: int
    applicant_days: int

    def __post_init__(self) -> None:
        if not all(0 < days <= self.applicant_days for days in (self.original_days, self.picture_days)):
            raise ProfileError("original_days and picture_days must lie between 1 and applicant_days")


@dataclass(frozen=True, slots=True)
class IssuerProfile:
    """A versioned policy; a decision names it as `name@version`. A check that is None is one that nobody asks for.

    Without `retention` nothing runs out; without `risk` nobody checks what the machine decides alone; without
    `fairness` clients say nothing of applicants, and nobody asks whom a change of rules treats worse; without
    `deadlines` no application expires; without `four_eyes` one person's word is enough.
    """

    name: str
    version: int
    min_short_side_px: int
    max_resubmissions: int
    real_photo: RealPhoto
    single_face: SingleFace
    usual_photo: UsualPhoto | None = None
    camera_photo: CameraPhoto | None = None
    known_pictures: KnownPictures | None = None
    retention: Retention | None = None
    risk: Risk | None = None
    fairness: Fairness | None = None
    deadlines: Deadlines | None = None
    four_eyes: FourEyes | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(str(self.name)):
            raise ProfileError(f"the name {self.name!r} must be small letters, digits and _, and begin with no digit")
        for name, least in (("version", 1), ("min_short_side_px", 1), ("max_resubmissions", 0)):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                raise ProfileError(f"{name} {value!r} must be a whole number from {least} on")
        if self.deadlines and self.retention and self.deadlines.applicant_days > self.retention.applicant_days:
            raise ProfileError("applicant_days of the deadlines must not outlast those of the retention")

    @property
    def checks(self) -> tuple[Check, ...]:
        """In the order of judgement: each presupposes that those before it did not already ask for another photo."""
        known = self.known_pictures
        asked: tuple[Check | None, ...] = (
            Readable(),
            known.placeholder if known else None,
            self.real_photo,
            self.single_face,
            self.usual_photo,
            self.camera_photo,
            *(known.repeated if known else ()),
        )
        return tuple(check for check in asked if check)

    @property
    def outside_applications(self) -> Self:
        """The same for a photo that nobody applies with: it is compared with nobody's."""
        return replace(self, known_pictures=None)

    @property
    def reference(self) -> str:
        """The exact version as decisions and print releases name it."""
        return f"{self.name}@{self.version}"

    def to_json(self) -> dict[str, Any]:
        """The form kept on record; `read_profile` reads it back. A check that nobody asks for is left out."""
        return {name: part for name, part in asdict(self).items() if part is not None}


def parse_profile(toml: str) -> IssuerProfile:
    """Read a profile from TOML; raises ProfileError for what is missing, unknown or out of range."""
    try:
        written = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        message = f"the profile is not valid TOML: {error}"
        raise ProfileError(message) from error
    return read_profile(written)


def read_profile(written: Mapping[str, Any]) -> IssuerProfile:
    """Make a profile of its parts; raises ProfileError for what is missing, unknown or out of range."""
    _require(written, IssuerProfile)
    parts = {name: part for name, part in _PARTS.items() if name in written}
    for name, part in parts.items():
        _require(written[name], part)
    return IssuerProfile(**{**written, **{name: part(**written[name]) for name, part in parts.items()}})


_PARTS: Mapping[str, type] = {
    "real_photo": RealPhoto,
    "single_face": SingleFace,
    "usual_photo": UsualPhoto,
    "camera_photo": CameraPhoto,
    "known_pictures": KnownPictures,
    "retention": Retention,
    "risk": Risk,
    "fairness": Fairness,
    "deadlines": Deadlines,
    "four_eyes": FourEyes,
}


def _require(written: Mapping[str, Any], kind: type) -> None:
    known = {field.name for field in fields(kind)}
    wanted = {field.name for field in fields(kind) if field.default is MISSING}
    if not isinstance(written, dict) or not wanted <= written.keys() <= known:
        there = sorted(written) if isinstance(written, dict) else written
        raise ProfileError(f"{kind.__name__} wants exactly {sorted(wanted)}, the profile has {there}")
