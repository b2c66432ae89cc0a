"""Plain words for what the rows say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from photogate.access.tables import Role
from photogate.actors.breakages import Rule
from photogate.actors.queries import Actor
from photogate.audit.tables import EventKind
from photogate.screening.reasons import PLAIN_WORDS, ReasonCode
from photogate.screening.verdicts import Verdict

VERDICTS: Mapping[Verdict, str] = {
    Verdict.APPROVED: "Approved",
    Verdict.IN_REVIEW: "Sent to a person",
    Verdict.RESUBMISSION_REQUESTED: "Another photo asked for",
    Verdict.REJECTED: "Rejected",
}

EVENTS: Mapping[EventKind, str] = {
    EventKind.APPLICATION_SUBMITTED: "Photo submitted",
    EventKind.PHOTO_RESUBMITTED: "Another photo submitted",
    EventKind.PHOTO_ASSESSED: "Photo measured",
    EventKind.DECISION_MADE: "Decided",
    EventKind.REVIEW_CLAIMED: "Case taken",
    EventKind.REVIEW_RETURNED: "Case given back",
    EventKind.VERDICT_GIVEN: "Verdict given, another person looks too",
    EventKind.VERDICTS_VOIDED: "Verdict set aside: what it rested on has changed",
    EventKind.GOLDEN_ADDED: "Made a golden case",
    EventKind.GOLDEN_JUDGED: "Judged as a golden case",
    EventKind.PRINT_HELD: "Held for print",
    EventKind.PRINT_RELEASED: "Released for print",
    EventKind.PRINT_ISSUED: "Card issued",
    EventKind.PRINT_CANCELLED: "Print release cancelled",
    EventKind.PRINT_FAILED: "Printing failed",
    EventKind.PRINT_WITHDRAWN: "Print release withdrawn",
    EventKind.PRINT_EXPIRED: "Print release expired",
    EventKind.PRINT_KEY_FIRST_USED: "Print releases signed with another key",
    EventKind.WEBHOOK_ADDED: "Webhook added",
    EventKind.WEBHOOK_REMOVED: "Webhook removed",
    EventKind.WEBHOOK_GIVEN_UP: "Webhook given up",
    EventKind.SIGNED_IN: "Signed in",
    EventKind.SIGNED_OUT: "Signed out",
    EventKind.SIGN_IN_FAILED: "Sign-in refused",
    EventKind.SIGN_IN_LINK_MADE: "Sign-in link made",
    EventKind.API_KEY_CREATED: "API key made",
    EventKind.API_KEY_REVOKED: "API key revoked",
    EventKind.USER_CREATED: "User added",
    EventKind.ROLE_CHANGED: "Role changed",
    EventKind.USER_DISABLED: "User shut out",
    EventKind.MODELS_SERVED: "Worker started with these models",
    EventKind.MODEL_PROMOTED: "Model promoted",
    EventKind.CHECKPOINT_KEY_CHANGED: "Checkpoints signed with another key",
    EventKind.PROOF_ASKED: "Proof of an event asked for",
    EventKind.LOG_EXPORTED: "Event log exported",
    EventKind.CASE_VIEWED: "Case looked at",
    EventKind.PICTURE_VIEWED: "Picture looked at",
    EventKind.AUDIT_QUERIED: "Decisions searched",
    EventKind.DECISIONS_EXPORTED: "Decisions exported",
    EventKind.POLICY_ADOPTED: "Policy put on record",
    EventKind.DECISION_REPLAYED: "Decision computed again",
    EventKind.APPLICANT_ERASED: "Applicant erased",
    EventKind.APPLICANT_EXPORTED: "All that is held was exported",
    EventKind.LEGAL_HOLD_PLACED: "Legal hold placed",
    EventKind.LEGAL_HOLD_RELEASED: "Legal hold released",
    EventKind.PICTURES_REMOVED: "Pictures removed, their time was up",
    EventKind.MASTER_KEY_ROTATED: "New master key",
    EventKind.MASTER_KEYS_DESTROYED: "Old master keys destroyed",
    EventKind.MANDATE_BEGUN: "Model began to decide alone",
    EventKind.MANDATE_JUDGED: "Model judged by a person",
    EventKind.MANDATE_SUSPENDED: "Model may no longer decide alone",
    EventKind.MANDATE_RESUMED: "Model may decide alone again",
    EventKind.SIMULATION_ASKED: "Other rules tried on the past",
    EventKind.PHOTOS_MEASURED: "Labelled photos measured",
    EventKind.KNOWN_PICTURE_ADDED: "Added to the known placeholders",
    EventKind.KNOWN_PICTURE_REMOVED: "Removed from the known placeholders",
    EventKind.MODEL_RECORDED: "Model put on record",
    EventKind.RULES_PROPOSED: "Other rules proposed",
    EventKind.RULES_PROMOTED: "Rules put in force",
    EventKind.RULES_WITHDRAWN: "Proposal withdrawn",
    EventKind.CASE_REPAIRED: "Case repaired by itself",
    EventKind.CASE_REPORTED: "Case needs a look: nobody is next",
    EventKind.APPLICATION_EXPIRED: "Expired: no other photo came in time",
}

RULES: Mapping[Rule, str] = {
    Rule.DECISION_NOT_THE_LAST: "An earlier decision is in force than the last one.",
    Rule.PHOTO_WITHOUT_A_JOB: "A photo was never decided, and no worker will.",
    Rule.PHOTO_NEVER_DUE: "A photo waits for a worker, who is never told.",
    Rule.STATUS_NOT_AS_DECIDED: "The status says something else than the decision in force.",
    Rule.CASE_ON_ANOTHER_DECISION: "A case is open on a decision that is no longer in force.",
    Rule.CLAIM_WITHOUT_END: "A case is kept by somebody who will not decide it.",
    Rule.NO_CASE_FOR_PEOPLE: "People are to decide, and there is no case for them.",
    Rule.RELEASE_WITHOUT_ITS_APPROVAL: "A print release outlived its approval.",
    Rule.RELEASE_PAST_ITS_TIME: "A print release outlived its time.",
    Rule.ISSUED_AND_STILL_OPEN: "A card was issued, and the application is still open.",
    Rule.PHOTO_BESIDE_THE_CASE: "A photo waits for a worker although the application has gone on without it.",
    Rule.NOBODY_IS_NEXT: "Nobody is next, or there is no deadline.",
}

ACTORS: Mapping[Actor, str] = {
    Actor.WORKER: "A worker",
    Actor.REVIEWER: "A reviewer",
    Actor.SECOND_REVIEWER: "A second reviewer",
    Actor.ADJUDICATOR: "An adjudicator",
    Actor.APPLICANT: "The applicant",
    Actor.ISSUER: "The issuer",
    Actor.PRINTER: "The printer",
    Actor.ADMIN: "An admin",
}

ROLES: Mapping[Role, str] = {
    Role.REVIEWER: "Reviewer",
    Role.ADJUDICATOR: "Adjudicator",
    Role.AUDITOR: "Auditor",
    Role.ADMIN: "Admin",
}

QUALITY: Mapping[str, str] = {
    "unified_quality_score": "Quality as a whole",
    "luminance_mean": "Brightness",
    "luminance_variance": "Contrast",
    "under_exposure_prevention": "Not underexposed",
    "over_exposure_prevention": "Not overexposed",
    "dynamic_range": "Dynamic range",
    "illumination_uniformity": "Even light",
    "background_uniformity": "Plain background",
    "sharpness": "Sharpness",
    "compression_artifacts": "Little compression",
    "natural_colour": "Natural colour",
    "head_pose_yaw": "Not turned",
    "head_pose_pitch": "Not raised or lowered",
    "head_pose_roll": "Not tilted",
    "inter_eye_distance": "Distance of the eyes",
    "head_size": "Size of the head",
    "leftward_crop_of_the_face_image": "Room on the left",
    "rightward_crop_of_the_face_image": "Room on the right",
    "margin_above_of_the_face_image": "Room above",
    "margin_below_of_the_face_image": "Room below",
    "single_face_present": "One face only",
    "eyes_open": "Eyes open",
    "eyes_visible": "Eyes visible",
    "mouth_closed": "Mouth closed",
    "mouth_occlusion_prevention": "Mouth visible",
    "face_occlusion_prevention": "Face visible",
    "expression_neutrality": "Neutral expression",
    "no_head_coverings": "Head uncovered",
}
"""The measures of ISO/IEC 29794-5, each named for what 100 means."""

MEDIA_TYPES: Mapping[str, str] = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WebP",
    "image/heic": "HEIC",
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time for machines and for people."""

    iso: str
    words: str


def moment(at: datetime) -> Moment:
    """When, in UTC: everybody who reads a case reads the same time."""
    at = at.astimezone(UTC)
    return Moment(at.isoformat(timespec="seconds"), f"{at.day} {at:%b %Y, %H:%M} UTC")


def how_long(span: timedelta) -> str:
    """A span as people say it, in its two largest units at most."""
    minutes = max(0, int(span.total_seconds() // 60))
    hours, days = minutes // 60, minutes // (60 * 24)
    if days:
        return f"{days} d {hours % 24} h"
    if hours:
        return f"{hours} h {minutes % 60:02d} min"
    return f"{minutes} min" if minutes else "less than a minute"


def duration(seconds: float) -> str:
    """A span in the unit that suits it."""
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.3g} {unit}"
    return f"{seconds:.3g} s"


def plain_words(codes: Iterable[str]) -> tuple[str, ...]:
    """What the reasons say, each sentence once."""
    return tuple(dict.fromkeys(PLAIN_WORDS[ReasonCode(code)] for code in codes))


def number(value: float, *others: float) -> str:
    """A measured value with three decimals, or with as many as tell it from the `others` that it is compared with."""
    told_apart = (digits for digits in range(3, 7) if all(_at(other, digits) != _at(value, digits) for other in others))
    return _at(value, next(told_apart, 3))


def _at(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".rstrip("0").rstrip(".")


def file_size(size_bytes: int) -> str:
    """A file's size in the unit that suits it."""
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes >= 100_000 else f"{size_bytes / 1e3:.1f} kB"  # noqa: PLR2004


def actor(written: str, names: Mapping[str, str]) -> str:
    """Who did it; `names` holds people's names by their id."""
    kind, _, name = written.partition(":")
    if kind == "user":
        return names.get(name, "Somebody")
    return {"client": name, "policy": f"Policy {name}"}.get(kind, "Photogate")
