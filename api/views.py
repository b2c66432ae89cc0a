"""What clients see: their own applications, in words and codes that are meant for them."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.bounds import BoundView
from api.messages import NOTHING, ForApplicant, MessageView
from api.refusals import InvalidRequest, Wrong
from photogate.applicants.master_keys import Kms
from photogate.applicants.service import reference_of
from photogate.applications.tables import ActorKind, Application, DecisionRecord, Photo
from photogate.mandates.tables import Standing
from photogate.messages.composing import messages
from photogate.messages.languages import Language
from photogate.releases.tables import EndReason, PrintRelease, ReleaseState
from photogate.screening.profile import IssuerProfile
from photogate.screening.reasons import PLAIN_WORDS, Disposition, ReasonCode, told
from photogate.screening.verdicts import ApplicationStatus, Verdict

SHA256 = r"^[0-9a-fA-F]{64}$"


class View(BaseModel):
    """A view is made once and sent."""

    model_config = ConfigDict(frozen=True)


class SourceView(View):
    """The standard and measure that define a reason."""

    standard: str = Field(examples=["ISO/IEC 29794-5"])
    measure: str = Field(examples=["SingleFacePresent"])
    id: str | None = Field(examples=["4C"])


class ReasonView(View):
    """Why a photo was not simply approved. Codes grow over time: build on `status` and `disposition`."""

    code: str = Field(examples=["PLACEHOLDER_IMAGE"])
    message: str = Field(examples=["This is not a photo of a person."])
    disposition: Disposition
    source: SourceView

    @classmethod
    def public(cls, kept: Sequence[Mapping[str, Any]]) -> list[Self]:
        """The reasons that may leave the house."""
        return [cls.of(reason) for reason in told(kept)]

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """One reason as it was kept, without what was measured."""
        words = PLAIN_WORDS[ReasonCode(kept["code"])]
        return cls(code=kept["code"], message=words, disposition=kept["disposition"], source=kept["source"])


class ApplicationView(View):
    """Where an application stands; `reasons` and `messages` are those of the decision on its latest photo."""

    id: UUID
    reference: str | None = Field(examples=["A-2026-004711"], description="Null once the applicant is erased.")
    status: ApplicationStatus
    created_at: datetime
    updated_at: datetime
    attempt: int = Field(description="1 for the first photo, one more for each photo sent later.")
    photo_sha256: str = Field(description="The digest of the latest photo, as a print release names it.")
    photos_left: int = Field(description="How many further photos may be sent; 0 unless another one was asked for.")
    reasons: list[ReasonView]
    messages: list[MessageView] = Field(description="For the applicant, in the language of `Content-Language`.")
    links: dict[str, str]

    @classmethod
    def of(
        cls,
        application: Application,
        reference: str | None,
        photo: Photo,
        decision: DecisionRecord | None = None,
        said: ForApplicant = NOTHING,
    ) -> Self:
        """The application with its latest photo and, if there is one, the decision on it with what it tells."""
        return cls(
            id=application.id,
            reference=reference,
            status=application.status,
            created_at=application.created_at,
            updated_at=application.updated_at,
            attempt=photo.attempt,
            photo_sha256=photo.sha256,
            photos_left=said.photos_left,
            reasons=ReasonView.public(decision.reasons) if decision else [],
            messages=list(said.messages),
            links=_links(application, photo, said),
        )

    @classmethod
    def whole(cls, kms: Kms, application: Application, profile: IssuerProfile, language: Language) -> Self:
        """An application that was read with its applicant, photos and current decision; raises KeyMissing."""
        reference, photo = reference_of(kms, application.applicant), application.photos[-1]
        decision = application.current_decision
        if decision is None or decision.photo_id != photo.id:
            return cls.of(application, reference, photo)
        said = ForApplicant.of(application.status, photo, decision, profile, language)
        return cls.of(application, reference, photo, decision, said)


class ApplicationPage(View):
    """Some applications, oldest first; `next` is the address of the following page, null on the last one."""

    applications: list[ApplicationView]
    next: str | None


class DecisionView(View):
    """One decision by the policy or a person; later decisions supersede it."""

    id: UUID
    verdict: Verdict
    reasons: list[ReasonView]
    messages: list[MessageView] = Field(description="For the applicant, in the language of `Content-Language`.")
    decided_at: datetime
    decided_by: ActorKind
    policy: str = Field(examples=["default@1"])
    attempt: int
    photo_sha256: str
    bound: BoundView | None = Field(description="Of a decision by a machine under a bound; null for people's.")

    @classmethod
    def of(cls, record: DecisionRecord, language: Language, stood: Standing | None = None) -> Self:
        """A decision that was read with its photo, in one language, and how the machine's mandate stood."""
        return cls(
            id=record.id,
            verdict=record.verdict,
            reasons=ReasonView.public(record.reasons),
            messages=[MessageView.of(message) for message in messages(record.reasons, record.verdict, language)],
            decided_at=record.created_at,
            decided_by=record.actor_kind,
            policy=record.policy,
            attempt=record.photo.attempt,
            photo_sha256=record.photo.sha256,
            bound=BoundView.of(stood) if stood else None,
        )


class DecisionList(View):
    """Every decision about one application, oldest first; the last one is in force."""

    decisions: list[DecisionView]


class ReleaseRequest(View):
    """Which application, and exactly which bytes, are to be printed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    application_id: UUID
    photo_sha256: str = Field(pattern=SHA256, description="The SHA-256 of the photo file in hex.")
    hold: bool = Field(default=False, description="Hold it: nothing is signed until `links.released` is asked for.")


class ReleaseView(View):
    """A print release; the printer's side verifies `token` offline."""

    id: UUID
    application_id: UUID
    photo_sha256: str
    state: ReleaseState
    token: str | None = Field(description="A compact JWS (RFC 7515), signed with Ed25519; null while it is held.")
    created_at: datetime
    expires_at: datetime
    ended_because: EndReason | None = Field(description="Null for as long as the release is held or released.")
    links: dict[str, str]

    @classmethod
    def of(cls, release: PrintRelease) -> Self:
        """A release as it stands."""
        here = f"/v1/print-releases/{release.id}"
        return cls(
            id=release.id,
            application_id=release.application_id,
            photo_sha256=release.photo_sha256,
            state=release.state,
            token=release.token,
            created_at=release.created_at,
            expires_at=release.expires_at,
            ended_because=release.ended_because,
            links={
                "self": here,
                "application": f"/v1/applications/{release.application_id}",
                **{step.value: f"{here}/{step.value}" for step in _NEXT.get(release.state, ())},
            },
        )


_NEXT = {
    ReleaseState.HELD: (ReleaseState.RELEASED, ReleaseState.CANCELLED),
    ReleaseState.RELEASED: (ReleaseState.ISSUED, ReleaseState.CANCELLED, ReleaseState.FAILED),
}


class OpinionView(View):
    """What one installed model says by its own threshold."""

    name: str = Field(examples=["student@4.0.0"])
    verdict: str = Field(
        description="`real` or `not_real`; `camera` or `generated` of the detector of AI-generated faces.",
        examples=["real"],
    )
    p_real: float = Field(description="What the model asks for: a real face photo, or a camera's photo.")
    threshold: float = Field(description="The model's own: from here on it says `real`, or `camera`.")
    ms: float


class HeatMapView(View):
    """Which parts of the crop mattered to `model`: what its logit loses when the part is covered."""

    model: str
    importances: list[list[float]] = Field(
        description="Rows from top to bottom; above 0 the part spoke for a real photo, below 0 against one."
    )
    ms: float


class MeasureView(View):
    """A quality measure; `native` and `score` are null where it was not assessed."""

    native: float | None = Field(description="In the measure's own unit.")
    score: float | None = Field(description="0 (bad) to 100 (good).")
    approximate: bool = Field(description="Stands in for the value that the standard defines.")


class CheckView(View):
    """What the checks found on a photo that was not kept; null means not assessed."""

    verdict: Verdict
    reasons: list[ReasonView]
    p_real: float | None = Field(description="Probability that this is a real photo of a face, calibrated.")
    p_ai_generated: float | None
    faces: int | None
    box: list[int] | None = Field(description="The largest face: x, y, width, height in pixels of the upright photo.")
    landmarks: list[list[float]] | None = Field(
        None,
        description="Eyes, tip of the nose and mouth corners of the largest face as x, y; the viewer's left first.",
    )
    quality: dict[str, MeasureView] = Field(description="ISO/IEC 29794-5 measures of the largest face, by name.")
    models: list[OpinionView] = Field(
        [],
        description="Every installed model, of AI-generated faces only where there is a face; "
        "the verdict rests on the first one's.",
    )
    heat_map: HeatMapView | None = Field(None, description="With `heat_map=true` only.")
    ms: dict[str, float]
    model: str | None

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> Self:
        """A worker's answer, with the reasons that may leave the house."""
        return cls(**{**answer, "reasons": ReasonView.public(answer["reasons"])})


def cursor_of(application_id: UUID) -> str:
    """A place in the list as an opaque word."""
    return base64.urlsafe_b64encode(application_id.bytes).decode().rstrip("=")


def place_of(cursor: str) -> UUID:
    """The id behind which the page begins; raises InvalidRequest for a word that `cursor_of` never made."""
    try:
        return UUID(bytes=base64.b64decode(f"{cursor}==", altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise InvalidRequest([Wrong("query.cursor", "Use the address in `next` of the page before.")]) from error


def _links(application: Application, photo: Photo, said: ForApplicant) -> dict[str, str]:
    here = f"/v1/applications/{application.id}"
    links = {"self": here, "decisions": f"{here}/decisions"}
    if application.status is ApplicationStatus.RESUBMISSION_REQUESTED:
        links["photos"] = f"{here}/photos"
    if said.messages and photo.review_key is not None:
        links["annotated"] = f"{here}/photos/{photo.attempt}/annotated"
    return links
