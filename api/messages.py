"""What the applicant reads, as clients get it."""

from dataclasses import dataclass
from typing import Self

from pydantic import BaseModel, ConfigDict, Field

from photogate.applications.tables import DecisionRecord, Photo
from photogate.messages.composing import Message, messages, photos_left
from photogate.messages.languages import Language
from photogate.screening.facts import Unit
from photogate.screening.profile import IssuerProfile
from photogate.screening.verdicts import ApplicationStatus


class MessageView(BaseModel):
    """One message for the applicant; codes grow over time: show every message in the order given."""

    model_config = ConfigDict(frozen=True)

    code: str = Field(
        description="The reason's, or `PHOTOS_LEFT`, or `PHOTO_NOT_USABLE` where no reason may be told.",
        examples=["HEAD_SIZE"],
    )
    title: str = Field(examples=["The face is too small"])
    text: str = Field(examples=["The face takes 6 % of the photo's height; at least 10 % is needed."])
    action: str | None = Field(
        description="What to do; null where nothing can be done.",
        examples=["Move closer to the camera, until your head and shoulders fill the photo."],
    )
    language: str = Field(description="As `lang` in HTML.", examples=["en"])
    direction: str = Field(description="As `dir` in HTML: `ltr` or `rtl`.", examples=["ltr"])
    value: float | None = Field(description="What was measured, where it is told.", examples=[0.06])
    limit: float | None = Field(description="What the profile asks for.", examples=[0.1])
    unit: Unit | None = Field(description="Of both.", examples=["share_of_height"])

    @classmethod
    def of(cls, message: Message) -> Self:
        """One message as it was composed."""
        return cls(
            code=message.code,
            title=message.title,
            text=message.text,
            action=message.action,
            language=message.language.tag,
            direction=message.language.direction,
            value=message.value,
            limit=message.limit,
            unit=message.unit,
        )


@dataclass(frozen=True, slots=True)
class ForApplicant:
    """What an application's current decision tells the applicant, and how many further photos they may send."""

    photos_left: int
    messages: tuple[MessageView, ...]

    @classmethod
    def of(
        cls,
        status: ApplicationStatus,
        photo: Photo,
        decision: DecisionRecord,
        profile: IssuerProfile,
        language: Language,
    ) -> Self:
        """What is told in one language of a decision about the latest photo."""
        said, left = messages(decision.reasons, decision.verdict, language), 0
        if status is ApplicationStatus.RESUBMISSION_REQUESTED:
            # Who was asked may send one, even if the profile allows fewer by now.
            left = max(1, profile.max_resubmissions + 1 - photo.attempt)
            said = *said, photos_left(left, language)
        return cls(left, tuple(map(MessageView.of, said)))


NOTHING = ForApplicant(0, ())
"""Before a decision."""
