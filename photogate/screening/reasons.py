"""Why a photo was not simply approved: codes after ISO/IEC 29794-5, ICAO 9303 and vendor practice."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self


class ReasonCode(StrEnum):
    """The codes in use; their words stand in `PLAIN_WORDS`."""

    FILE_UNREADABLE = "FILE_UNREADABLE"
    FACE_NOT_FOUND = "FACE_NOT_FOUND"
    MULTIPLE_FACES = "MULTIPLE_FACES"
    HEAD_SIZE = "HEAD_SIZE"
    BACKGROUND_NOT_UNIFORM = "BACKGROUND_NOT_UNIFORM"
    NOT_SHARP = "NOT_SHARP"
    EYES_CLOSED = "EYES_CLOSED"
    FACE_OCCLUDED = "FACE_OCCLUDED"
    PLACEHOLDER_IMAGE = "PLACEHOLDER_IMAGE"
    AI_GENERATED_SUSPECTED = "AI_GENERATED_SUSPECTED"
    DIGITALLY_EDITED = "DIGITALLY_EDITED"
    LOW_CONFIDENCE = "LOW_CONFIDENCE"
    MODEL_DISAGREEMENT = "MODEL_DISAGREEMENT"
    OUT_OF_DISTRIBUTION = "OUT_OF_DISTRIBUTION"
    KNOWN_PLACEHOLDER = "KNOWN_PLACEHOLDER"
    REFUSED_BEFORE = "REFUSED_BEFORE"
    DUPLICATE_PICTURE = "DUPLICATE_PICTURE"
    CHECK_NOT_ASSESSED = "CHECK_NOT_ASSESSED"
    QUALITY_SAMPLE = "QUALITY_SAMPLE"
    AUTOMATION_SUSPENDED = "AUTOMATION_SUSPENDED"
    RESUBMISSION_LIMIT = "RESUBMISSION_LIMIT"


PLAIN_WORDS: Mapping[ReasonCode, str] = {
    ReasonCode.FILE_UNREADABLE: "The file could not be read as a photo.",
    ReasonCode.FACE_NOT_FOUND: "No face was found.",
    ReasonCode.MULTIPLE_FACES: "More than one face was found.",
    ReasonCode.HEAD_SIZE: "The face is too small in the photo.",
    ReasonCode.BACKGROUND_NOT_UNIFORM: "The background is not plain.",
    ReasonCode.NOT_SHARP: "The photo is not sharp.",
    ReasonCode.EYES_CLOSED: "The eyes are closed.",
    ReasonCode.FACE_OCCLUDED: "Part of the face is covered.",
    ReasonCode.PLACEHOLDER_IMAGE: "This is not a photo of a person.",
    ReasonCode.AI_GENERATED_SUSPECTED: "The face may have been made by a computer.",
    ReasonCode.DIGITALLY_EDITED: "The photo looks edited.",
    ReasonCode.LOW_CONFIDENCE: "The model is not sure whether this is a real photo of a person.",
    ReasonCode.MODEL_DISAGREEMENT: "The models do not agree that this is a face.",
    ReasonCode.OUT_OF_DISTRIBUTION: "The photo is unlike those that the model knows.",
    ReasonCode.KNOWN_PLACEHOLDER: "This is a known picture that stands in for a photo.",
    ReasonCode.REFUSED_BEFORE: "The same picture was refused before.",
    ReasonCode.DUPLICATE_PICTURE: "Another applicant sent the same picture.",
    ReasonCode.CHECK_NOT_ASSESSED: "A check that the issuer asks for did not run.",
    ReasonCode.QUALITY_SAMPLE: "The photo belongs to the sample that people look at.",
    ReasonCode.AUTOMATION_SUSPENDED: "The machine may not decide this alone at present.",
    ReasonCode.RESUBMISSION_LIMIT: "No other photo can be asked for: all that the profile allows were sent.",
}

REVIEWER_CODES: tuple[ReasonCode, ...] = (
    ReasonCode.PLACEHOLDER_IMAGE,
    ReasonCode.MULTIPLE_FACES,
    ReasonCode.FACE_NOT_FOUND,
    ReasonCode.HEAD_SIZE,
    ReasonCode.FACE_OCCLUDED,
    ReasonCode.EYES_CLOSED,
    ReasonCode.NOT_SHARP,
    ReasonCode.BACKGROUND_NOT_UNIFORM,
    ReasonCode.DIGITALLY_EDITED,
    ReasonCode.AI_GENERATED_SUSPECTED,
    ReasonCode.DUPLICATE_PICTURE,
    ReasonCode.FILE_UNREADABLE,
)
"""What a reviewer can give as the reason for a refusal, most frequent first."""

NEVER_TOLD: frozenset[ReasonCode] = frozenset(
    {
        ReasonCode.LOW_CONFIDENCE,
        ReasonCode.MODEL_DISAGREEMENT,
        ReasonCode.OUT_OF_DISTRIBUTION,
        ReasonCode.CHECK_NOT_ASSESSED,
        ReasonCode.QUALITY_SAMPLE,
        ReasonCode.AUTOMATION_SUSPENDED,
        ReasonCode.REFUSED_BEFORE,
        ReasonCode.DUPLICATE_PICTURE,
    }
)
"""What speaks of our models, of how we work or of other people: it stays here, whatever audience a record names."""


class Disposition(StrEnum):
    """What a reason asks for: another photo, a person's look, or a final refusal."""

    RETRY = "retry"
    REVIEW = "review"
    FINAL = "final"


class Audience(StrEnum):
    """Who may read a reason; what is internal never leaves the house."""

    PUBLIC = "public"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a reason is defined; `id` is the quality element identifier of ISO/IEC 29794-5 where it has one."""

    standard: str
    measure: str
    id: str | None = None


_ISO = "ISO/IEC 29794-5"
_SOURCES: Mapping[ReasonCode, Source] = {
    ReasonCode.BACKGROUND_NOT_UNIFORM: Source(_ISO, "BackgroundUniformity", "42"),
    ReasonCode.NOT_SHARP: Source(_ISO, "Sharpness", "49"),
    ReasonCode.MULTIPLE_FACES: Source(_ISO, "SingleFacePresent", "4C"),
    ReasonCode.HEAD_SIZE: Source(_ISO, "HeadSize", "53"),
    ReasonCode.EYES_CLOSED: Source(_ISO, "EyesOpen", "4D"),
    ReasonCode.FACE_OCCLUDED: Source(_ISO, "FaceOcclusionPrevention", "51"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One finding that speaks against approval, with the value that was measured and the limit it met."""

    code: ReasonCode
    disposition: Disposition
    audience: Audience = Audience.PUBLIC
    native: float | None = None
    score: float | None = None
    threshold: float | None = None
    assessed: bool = True
    model_version: str | None = None
    detail: str | None = None

    @property
    def source(self) -> Source:
        """The standard and measure that define this reason; Photogate's own where no standard does."""
        return _SOURCES.get(self.code, Source("Photogate", self.code.value))

    def to_json(self) -> dict[str, Any]:
        """The form kept in decisions and shown by the API; `from_json` reads it back."""
        return {**asdict(self), "source": asdict(self.source)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        fields = {name: value for name, value in kept.items() if name != "source"}
        return cls(
            **{
                **fields,
                "code": ReasonCode(kept["code"]),
                "disposition": Disposition(kept["disposition"]),
                "audience": Audience(kept["audience"]),
            }
        )


def told(kept: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of reasons as they were kept, those that may leave the house: public by their audience and by their code.

    Whatever answers a client, an applicant or a webhook takes its reasons from here.
    """
    return [
        reason for reason in kept if reason.get("audience") == Audience.PUBLIC and reason.get("code") not in NEVER_TOLD
    ]
