"""One application from its first photo to the card: what was seen, by what limits it was judged, and who looked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from photogate.applicants.tables import Applicant
from photogate.applications.tables import Application, DecisionRecord, Photo
from photogate.audit.tables import Event
from photogate.mandates.tables import Standing
from photogate.screening.measurements import Measurements
from photogate.screening.profile import IssuerProfile
from photogate.screening.reasons import Reason
from review_ui.case_view import Finding, finding
from review_ui.history_view import HistoryEntry, history
from review_ui.looks import LOOKS
from review_ui.mandates_view import parts
from review_ui.words import MEDIA_TYPES, VERDICTS, Moment, actor, file_size, moment, number

SEEN = {"case": "The case page", "timeline": "This page", "review.jpg": "The photo", "crop.png": "The model’s crop"}


@dataclass(frozen=True, slots=True)
class Score:
    """One thing that was measured, and the limits of the policy as it was; empty where there are none."""

    name: str
    value: str
    limit: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """One decision about a photo."""

    id: UUID
    at: Moment
    outcome: str
    tone: str
    who: str
    policy: str
    findings: tuple[Finding, ...]
    scores: tuple[Score, ...]
    models: tuple[tuple[str, str], ...]
    bound: str
    note: str
    is_by_policy: bool


@dataclass(frozen=True, slots=True)
class PhotoStory:
    """One photo and what was decided about it."""

    id: UUID
    attempt: int
    came: Moment
    sha256: str
    file: str
    is_shown: bool
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody saw something."""

    at: Moment
    who: str
    what: str


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold on the applicant."""

    since: Moment
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class TimelineView:
    """The timeline of one application."""

    id: UUID
    applicant_id: UUID
    reference: str
    client: str
    status: str
    is_erased: bool
    hold: Hold | None
    photos: tuple[PhotoStory, ...]
    history: tuple[HistoryEntry, ...]
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What the page stands on beside the application.

    Why the applicant is held, notes by decision, names by person, policies by reference, and how the mandates stood by
    decision.
    """

    reference: str
    hold_reason: str | None
    notes: Mapping[UUID, str]
    names: Mapping[UUID, str]
    policies: Mapping[str, IssuerProfile]
    mandates: Mapping[UUID, Standing]

    @property
    def people(self) -> Mapping[str, str]:
        """The names by the ids as events write them."""
        return {str(person): name for person, name in self.names.items()}


def timeline_view(
    application: Application, decisions: Sequence[DecisionRecord], events: Sequence[Event], known: Known
) -> TimelineView:
    """Everything that is on record about an application."""
    is_erased = application.applicant.erased_at is not None
    return TimelineView(
        id=application.id,
        applicant_id=application.applicant_id,
        reference=known.reference,
        client=application.client,
        status=application.status.value.replace("_", " "),
        is_erased=is_erased,
        hold=_hold(application.applicant, known),
        photos=tuple(_photo(photo, decisions, known, is_erased=is_erased) for photo in application.photos),
        history=history([event for event in events if event.kind not in LOOKS], known.notes, known.names),
        looks=tuple(_looks(events, known.people)),
    )


def _hold(applicant: Applicant, known: Known) -> Hold | None:
    if applicant.held_at is None or applicant.held_by is None:
        return None
    return Hold(moment(applicant.held_at), actor(applicant.held_by, known.people), known.hold_reason or "")


def _photo(photo: Photo, decisions: Iterable[DecisionRecord], known: Known, *, is_erased: bool) -> PhotoStory:
    return PhotoStory(
        id=photo.id,
        attempt=photo.attempt,
        came=moment(photo.created_at),
        sha256=photo.sha256,
        file=f"{MEDIA_TYPES.get(photo.media_type, photo.media_type)}, {file_size(photo.size_bytes)}",
        is_shown=photo.review_key is not None and not is_erased,
        judgements=tuple(_judgement(made, known) for made in decisions if made.photo_id == photo.id),
    )


def _judgement(made: DecisionRecord, known: Known) -> Judgement:
    found = Measurements.from_json(made.assessment.measurements) if made.assessment else Measurements()
    return Judgement(
        id=made.id,
        at=moment(made.created_at),
        outcome=VERDICTS[made.verdict],
        tone=made.verdict.value,
        who=actor(f"user:{made.user_id}" if made.user_id else f"policy:{made.policy}", known.people),
        policy=made.policy,
        findings=tuple(finding(Reason.from_json(reason)) for reason in made.reasons),
        scores=tuple(_scores(found, known.policies.get(made.policy))),
        models=tuple(made.models.items()),
        bound=_bound(known.mandates.get(made.id)),
        note=known.notes.get(made.id, ""),
        is_by_policy=made.user_id is None,
    )


def _bound(stood: Standing | None) -> str:
    """The bound that was in force, and what people had seen by then."""
    if stood is None:
        return ""
    each = (f"{it.name.lower()} at most {it.bound}; seen {it.seen}, {it.between}" for it in parts(stood))
    return f"Bound in force: {'. '.join(each)}."


def _scores(found: Measurements, policy: IssuerProfile | None) -> Iterator[Score]:
    real, usual, camera = (policy.real_photo, policy.usual_photo, policy.camera_photo) if policy else (None, None, None)
    limits = f"refused up to {number(real.refuse_at)}, real from {number(real.approve_at)}" if real else ""
    yield Score("A real photo of a person", _said(found.p_real), limits)
    yield Score("Faces", "not assessed" if found.faces is None else str(len(found.faces)), "1" if policy else "")
    yield Score("Unusual", _said(found.strangeness), f"flagged above {number(usual.strange_above)}" if usual else "")
    yield Score(
        "Made by a generator", _said(found.p_ai_generated), f"flagged from {number(camera.flag_at)}" if camera else ""
    )


def _said(value: float | None) -> str:
    return "not assessed" if value is None else number(value)


def _looks(events: Iterable[Event], people: Mapping[str, str]) -> Iterator[Look]:
    for event in events:
        if event.kind in LOOKS:
            yield Look(moment(event.created_at), actor(event.actor, people), SEEN.get(event.details["seen"], "A page"))
