"""The checks that a photo must pass, each with its limits; whatever was not assessed never passes."""

from dataclasses import dataclass
from typing import Protocol

from photogate.screening.errors import ProfileError
from photogate.screening.measurements import Face, Measurements
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
    what lies between. Where the detector found no face either, the applicant is asked up to `refuse_faceless_at`,
    because two that see no face are surer than one; without it, never.
    """

    approve_at: float
    refuse_at: float
    refuse_faceless_at: float | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.refuse_at < self.approve_at <= 1:
            message = f"refuse_at {self.refuse_at} must lie below approve_at {self.approve_at}, both within 0 and 1"
            raise ProfileError(message)
        if self.refuse_faceless_at is not None and not self.refuse_at <= self.refuse_faceless_at < self.approve_at:
            raise ProfileError(f"refuse_faceless_at {self.refuse_faceless_at} must lie within refuse_at and approve_at")

    def judge(self, found: Measurements) -> Reason | None:
        """PLACEHOLDER_IMAGE when it surely is one, FACE_NOT_FOUND when nobody sees one, else LOW_CONFIDENCE."""
        if found.p_real is None:
            return not_assessed("real_photo")
        if found.p_real <= self.refuse_at:
            return self._reason(ReasonCode.PLACEHOLDER_IMAGE, Disposition.RETRY, found, self.refuse_at)
        if found.faces == () and self.refuse_faceless_at is not None and found.p_real <= self.refuse_faceless_at:
            return Reason(ReasonCode.FACE_NOT_FOUND, Disposition.RETRY, native=0.0, threshold=1)
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
    """Exactly one face (ISO/IEC 29794-5 SingleFacePresent), not lost in the photo, and surely a face.

    `smallest_share` is the least height of its box, as a share of the photo's; `sure_from` the detector's own score
    below which people look: the heads of dogs and modelled people that pass for a face rarely pass for a clear one.
    """

    smallest_share: float
    sure_from: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.smallest_share < 1:
            raise ProfileError(f"smallest_share {self.smallest_share} must lie within 0 and 1")
        if not 0 <= self.sure_from < 1:
            raise ProfileError(f"sure_from {self.sure_from} must lie within 0 and 1")

    def judge(self, found: Measurements) -> Reason | None:
        """A real photo with no face or with several is a person's to judge: the detector may be wrong."""
        if found.faces is None:
            return not_assessed("single_face")
        if len(found.faces) == 1:
            return self._size(found.faces[0], found.height) or self._doubt(found.faces[0])
        code = ReasonCode.MULTIPLE_FACES if found.faces else ReasonCode.FACE_NOT_FOUND
        return Reason(code, Disposition.REVIEW, native=float(len(found.faces)), threshold=1)

    def _size(self, face: Face, photo_height: int | None) -> Reason | None:
        """HEAD_SIZE when there is a face and too little of it: what a crop would show is a few pixels blown up."""
        share = face.box.height / photo_height if photo_height else 1.0
        if share >= self.smallest_share:
            return None
        return Reason(ReasonCode.HEAD_SIZE, Disposition.REVIEW, native=share, threshold=self.smallest_share)

    def _doubt(self, face: Face) -> Reason | None:
        """MODEL_DISAGREEMENT, which never leaves the house: the classifier is sure and the detector is not."""
        if face.score >= self.sure_from:
            return None
        return Reason(
            ReasonCode.MODEL_DISAGREEMENT,
            Disposition.REVIEW,
            Audience.INTERNAL,
            native=face.score,
            threshold=self.sure_from,
        )


@dataclass(frozen=True, slots=True)
class UsualPhoto:
    """A photo that is unlike everything the classifier learned from is a person's to judge, however sure it is."""

    strange_above: float

    def __post_init__(self) -> None:
        if not self.strange_above > 0:
            raise ProfileError(f"strange_above {self.strange_above} must be more than 0")

    def judge(self, found: Measurements) -> Reason | None:
        """OUT_OF_DISTRIBUTION, which never leaves the house: it says something of the model, not of the photo."""
        if found.strangeness is None:
            return not_assessed("usual_photo")
        if found.strangeness <= self.strange_above:
            return None
        return Reason(
            ReasonCode.OUT_OF_DISTRIBUTION,
            Disposition.REVIEW,
            Audience.INTERNAL,
            native=found.strangeness,
            threshold=self.strange_above,
            model_version=next(iter(found.models), None),
        )


@dataclass(frozen=True, slots=True)
class CameraPhoto:
    """A face that a generator may have made is a person's to judge: no detector is good enough to refuse by."""

    flag_at: float

    def __post_init__(self) -> None:
        if not 0 < self.flag_at <= 1:
            raise ProfileError(f"flag_at {self.flag_at} must lie within 0 and 1")

    def judge(self, found: Measurements) -> Reason | None:
        """AI_GENERATED_SUSPECTED, for reviewers alone: a suspicion is no accusation."""
        if found.p_ai_generated is None:
            return not_assessed("camera_photo")
        if found.p_ai_generated < self.flag_at:
            return None
        return Reason(
            ReasonCode.AI_GENERATED_SUSPECTED,
            Disposition.REVIEW,
            Audience.INTERNAL,
            native=found.p_ai_generated,
            threshold=self.flag_at,
        )


def not_assessed(check: str) -> Reason:
    """The reason for a check that the profile asks for and that did not run."""
    return Reason(
        ReasonCode.CHECK_NOT_ASSESSED,
        Disposition.REVIEW,
        Audience.INTERNAL,
        assessed=False,
        detail=f"{check.replace('_', ' ').capitalize()}: did not run.",
    )
