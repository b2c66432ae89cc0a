"""A case in words and numbers, as its page shows it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from photogate.access.tables import User
from photogate.applications.tables import Photo
from photogate.messages.languages import LANGUAGES, Language
from photogate.reviews.tables import ReviewTask, ReviewVerdict, Seat
from photogate.reviews.verdicts import LAST_WORD
from photogate.screening.measurements import BoundingBox, Measurements
from photogate.screening.profile import IssuerProfile
from photogate.screening.reasons import PLAIN_WORDS, Audience, Disposition, Reason, ReasonCode
from photogate.screening.verdicts import Verdict
from review_ui.blinding import Veil
from review_ui.decision_form import DecisionForm
from review_ui.history_view import HistoryEntry
from review_ui.preview import Preview
from review_ui.same_pictures import Alike
from review_ui.score_view import ScoreView, score_view
from review_ui.sessions import may_decide
from review_ui.words import MEDIA_TYPES, QUALITY, VERDICTS, Moment, file_size, how_long, moment, number, plain_words


class Standing(StrEnum):
    """How the case stands to the person who looks at it.

    They have spoken and others have not, or it waits for the last word and theirs is not the last.
    """

    MINE = "mine"
    FREE = "free"
    HELD = "held"
    SPOKEN = "spoken"
    LAST_WORD = "last_word"
    DECIDED = "decided"
    LOOK_ONLY = "look_only"


@dataclass(frozen=True, slots=True)
class Picture:
    """The photo as people see it; sizes and boxes are pixels of the full upright photo."""

    width: int
    height: int
    faces: tuple[BoundingBox, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason why the case is here; `measured` and `limit` are empty where nothing was measured."""

    words: str
    code: str
    detail: str
    measured: str
    limit: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One quality measure, 0 (bad) to 100 (good)."""

    name: str
    score: int
    is_approximate: bool


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one of two people who disagree says; the adjudicator is not told who."""

    what: str
    tone: str
    reasons: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """The case page; a picture is gone when there was one and it has run out, or the applicant is erased.

    Of a veiled case it shows nothing of the applicant and not why it came; before the verdict nothing of the machine's.
    """

    id: UUID
    reference: str
    client: str
    attempt: int
    opened: Moment
    waiting: str
    photo_id: UUID
    picture: Picture | None
    is_picture_gone: bool
    findings: tuple[Finding, ...]
    score: ScoreView | None
    measures: tuple[Measure, ...]
    not_measured: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    alike: Alike
    history: tuple[HistoryEntry, ...]
    standing: Standing
    holder: str
    form: DecisionForm
    heartbeat_s: int
    after: UUID | None
    is_last_photo: bool
    languages: tuple[Language, ...]
    preview: Preview | None
    evidence: str
    is_blind: bool
    opinions: tuple[Opinion, ...]
    is_veiled: bool


@dataclass(frozen=True, slots=True)
class Looking:
    """Who looks at the case, under which limits, with which form, and coming from which case.

    `evidence` is the tag of what the case shows; `said` what people said of it in this round, with notes by verdict.
    """

    user: User
    profile: IssuerProfile
    form: DecisionForm
    heartbeat_s: int
    after: UUID | None
    alike: Alike
    evidence: str
    said: Sequence[ReviewVerdict]
    notes: Mapping[UUID, str]
    veil: Veil
    is_last_photo: bool = False
    preview: Preview | None = None

    @property
    def has_spoken(self) -> bool:
        """Whether this person gave their verdict in this round."""
        return any(one.user_id == self.user.id for one in self.said)


def case_view(task: ReviewTask, reference: str, history: tuple[HistoryEntry, ...], looking: Looking) -> CaseView:
    """The case as this person sees it."""
    now, measured, is_veiled = datetime.now(UTC), measurements(task), looking.veil is not Veil.NONE
    found = Measurements(width=measured.width, height=measured.height) if looking.veil is Veil.BLIND else measured
    return CaseView(
        id=task.id,
        reference=reference,
        client="" if is_veiled else task.application.client,
        attempt=1 if is_veiled else task.photo.attempt,
        opened=moment(task.opened_at),
        waiting=how_long(now - task.opened_at),
        photo_id=task.photo.id,
        picture=_picture(task.photo, found),
        is_picture_gone=task.photo.review_key is None and measured.width is not None,
        findings=() if is_veiled else tuple(finding(reason) for reason in why(task)),
        score=None if found.p_real is None else score_view(found.p_real, looking.profile.real_photo),
        measures=tuple(_measures(found)),
        not_measured=tuple(_name(name) for name, measure in found.quality.items() if measure.score is None),
        facts=tuple(_of_file(task, found) if looking.veil is Veil.BLIND else _facts(task, found)),
        alike=Alike() if is_veiled else looking.alike,
        history=history,
        standing=_standing(task, looking, now),
        holder=task.reviewer.name if task.reviewer else "",
        form=looking.form,
        heartbeat_s=looking.heartbeat_s,
        after=looking.after,
        is_last_photo=looking.is_last_photo,
        languages=() if is_veiled else tuple(LANGUAGES.values()),
        preview=looking.preview,
        evidence=looking.evidence,
        opinions=tuple(_opinions(task, looking)),
        is_veiled=is_veiled,
        is_blind=looking.veil is Veil.BLIND,
    )


def why(task: ReviewTask) -> tuple[Reason, ...]:
    """Why a case came to people: its reasons, or that the machine may not decide alone what it had approved."""
    if task.decision.verdict is Verdict.APPROVED:
        return (Reason(ReasonCode.AUTOMATION_SUSPENDED, Disposition.REVIEW, Audience.INTERNAL),)
    return tuple(Reason.from_json(reason) for reason in task.decision.reasons)


def measurements(task: ReviewTask) -> Measurements:
    """What was measured on the photo; empty measurements where nothing could be."""
    assessment = task.decision.assessment
    return Measurements.from_json(assessment.measurements) if assessment else Measurements()


def _picture(photo: Photo, found: Measurements) -> Picture | None:
    if photo.review_key is None:
        return None
    # A photo stored sideways has its header's dimensions exchanged; the measured ones are upright.
    width, height = found.width or photo.width, found.height or photo.height
    return Picture(width, height, tuple(face.box for face in found.faces or ()))


def finding(reason: Reason) -> Finding:
    """A reason in words, with what was measured and the limit it met."""
    return Finding(
        words=PLAIN_WORDS[reason.code],
        code=reason.code.value,
        detail=reason.detail or "",
        measured=_measured(reason),
        limit="" if reason.threshold is None else number(reason.threshold),
    )


def _measured(reason: Reason) -> str:
    if reason.native is None:
        return ""
    return number(reason.native) if reason.threshold is None else number(reason.native, reason.threshold)


def _measures(found: Measurements) -> Iterator[Measure]:
    for name in sorted(found.quality, key=[*QUALITY, *found.quality].index):
        measure = found.quality[name]
        if measure.score is not None:
            yield Measure(_name(name), round(measure.score), measure.approximate)


def _name(measure: str) -> str:
    return QUALITY.get(measure, measure)


def _facts(task: ReviewTask, found: Measurements) -> Iterator[tuple[str, str]]:
    yield from _of_file(task, found)
    yield "Faces found", "not assessed" if found.faces is None else str(len(found.faces))
    yield "Made by AI", "not assessed" if found.p_ai_generated is None else number(found.p_ai_generated)
    yield "Model", ", ".join(found.models) or "none ran"
    yield "Profile", task.decision.policy


def _of_file(task: ReviewTask, found: Measurements) -> Iterator[tuple[str, str]]:
    photo = task.photo
    yield "Size", f"{found.width or photo.width} × {found.height or photo.height} px"
    yield "File", f"{MEDIA_TYPES.get(photo.media_type, photo.media_type)}, {file_size(photo.size_bytes)}"


def _opinions(task: ReviewTask, looking: Looking) -> Iterator[Opinion]:
    """What two people said who disagree, for the one who settles it."""
    if task.closed_at is None and task.awaits is Seat.ADJUDICATOR and _may_settle(looking):
        for one in looking.said:
            words, note = plain_words(one.codes), looking.notes.get(one.id, "")
            yield Opinion(VERDICTS[one.verdict], one.verdict.value, words, note)


def _may_settle(looking: Looking) -> bool:
    return looking.user.role in LAST_WORD and not looking.has_spoken


def _standing(task: ReviewTask, looking: Looking, now: datetime) -> Standing:
    user = looking.user
    if looking.has_spoken and (task.closed_at is None or task.golden_for is not None):
        return Standing.SPOKEN
    if task.closed_at is not None:
        return Standing.DECIDED
    if not may_decide(user):
        return Standing.LOOK_ONLY
    if task.awaits is Seat.ADJUDICATOR and not _may_settle(looking):
        return Standing.LAST_WORD
    # A lapsed claim is still its holder's until somebody else takes the case.
    if task.claimed_by == user.id:
        return Standing.MINE
    held = task.lease_until is not None and task.lease_until > now
    return Standing.HELD if held else Standing.FREE
