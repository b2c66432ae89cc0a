"""The stories that a long history is made of: one applicant's photo, what was measured, and who decided what."""

import hashlib
import hmac
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

Entry = tuple[str, Sequence[object]]
"""A table and a row of it, in the order of its columns."""

ENDS = datetime(2026, 11, 1, tzinfo=UTC)
LASTS = timedelta(days=365)
REVIEWERS = [UUID(int=(7 << 76) | (2 << 62) | number) for number in range(24)]
CLIENTS = ("ministry", "embassies", "licences")
AVATAR = hashlib.sha256(b"the default avatar of a popular app").hexdigest()
AVATARS = 0.01
REASONS = {
    "LOW_CONFIDENCE": 40,
    "MULTIPLE_FACES": 20,
    "NOT_SHARP": 15,
    "FACE_OCCLUDED": 12,
    "HEAD_SIZE": 8,
    "OUT_OF_DISTRIBUTION": 4,
    "DIGITALLY_EDITED": 1,
}
POLICY_VERSIONS, MODEL_VERSIONS = 6, 9

COLUMNS: Mapping[str, str] = {
    "users": "id, email, name, role",
    "applicants": "id, client, reference_digest, sealed_reference, wrapped_key, master_key_id, created_at",
    "applications": "id, client, applicant_id, status, created_at, updated_at, current_decision_id",
    "photos": "id, application_id, attempt, sha256, media_type, size_bytes, width, height, sealed_key, original_key,"
    " crop_key, review_key, stage, created_at",
    "assessments": "id, photo_id, measurements, created_at",
    "decisions": "id, application_id, photo_id, assessment_id, supersedes_id, verdict, reasons, policy, models,"
    " actor_kind, user_id, created_at",
    "events": "id, kind, actor, application_id, details, created_at",
}
PEOPLE: Mapping[str, Sequence[Sequence[object]]] = {
    "users": [
        (person, f"{number}@example.org", f"Reviewer {number}", "reviewer") for number, person in enumerate(REVIEWERS)
    ]
}


class References:
    """Finds the applicants of this history by reference, as the folder of master keys finds others."""

    def digest(self, text: str) -> bytes:
        """HMAC-SHA-256 under a key of the benchmark's own."""
        return hmac.digest(b"benchmark", text.encode(), "sha256")


def reference(number: int) -> str:
    """What the applicant of this number is called."""
    return f"A-{number:08}"


def stories(decisions: int) -> Iterator[list[Entry]]:
    """As many stories, in the order of time, as have so many decisions; always the same ones."""
    draw, told, number = random.Random(4), 0, 0
    while told < decisions:
        at = ENDS - LASTS * (1 - told / decisions)
        story = list(_story(draw, number, at, told / decisions))
        told += sum(table == "decisions" for table, _ in story)
        number += 1
        yield story


def _story(draw: random.Random, number: int, at: datetime, progress: float) -> Iterator[Entry]:
    """One photo; `progress` from 0 to 1 says how far the year has come, and with it policies and models."""
    applicant, application, photo, assessment = (_id(draw, at) for _ in range(4))
    client = CLIENTS[number % len(CLIENTS)]
    policy = f"default@{1 + int(progress * POLICY_VERSIONS)}"
    models = json.dumps(dict.fromkeys(_models(progress), "ab" * 32))
    sha256 = AVATAR if draw.random() < AVATARS else f"{draw.getrandbits(256):064x}"
    digest = References().digest(reference(number))
    yield "applicants", (applicant, client, digest, b"sealed", b"wrapped", "benchmark", at)
    first = (_id(draw, at), at + timedelta(seconds=draw.uniform(1, 6)))
    verdict, reasons = _verdict(draw)
    made = [(*first, verdict, reasons, None, None)]
    if verdict == "in_review":
        later = first[1] + timedelta(hours=draw.expovariate(1 / 5))
        made.append((_id(draw, later), later, *_second(draw), draw.choice(REVIEWERS), first[0]))
    yield "applications", (application, client, applicant, made[-1][2], at, made[-1][1], made[-1][0])
    keys = (f"{application}/original", f"{application}/crop", f"{application}/review")
    yield "photos", (photo, application, 1, sha256, "image/jpeg", 250_000, 900, 1200, b"sealed", *keys, "decided", at)
    yield "assessments", (assessment, photo, json.dumps({"p_real": round(draw.random(), 4)}), first[1])
    for decision, moment, said, codes, person, superseded in made:
        kind, actor = ("person", f"user:{person}") if person else ("policy", f"policy:{policy}")
        grounds = (application, photo, assessment, superseded)
        yield "decisions", (decision, *grounds, said, _kept(codes), policy, models, kind, person, moment)
        details = json.dumps({"decision": str(decision), "verdict": said, "reasons": codes})
        yield "events", (_id(draw, moment), "decision_made", actor, application, details, moment)


def _models(progress: float) -> tuple[str, str]:
    return f"student@1.{int(progress * MODEL_VERSIONS)}.0", "real_vs_ai@1.0.0"


def _verdict(draw: random.Random) -> tuple[str, list[str]]:
    chance = draw.random()
    if chance < 0.78:  # noqa: PLR2004 - shares of a year that might have been
        return "approved", []
    if chance < 0.90:  # noqa: PLR2004
        return "in_review", list(
            dict.fromkeys(draw.choices(list(REASONS), list(REASONS.values()), k=draw.choice((1, 1, 2))))
        )
    return "resubmission_requested", [draw.choice(("PLACEHOLDER_IMAGE", "FACE_NOT_FOUND"))]


def _second(draw: random.Random) -> tuple[str, list[str]]:
    verdict = draw.choices(("approved", "resubmission_requested", "rejected"), (60, 35, 5))[0]
    return verdict, [] if verdict == "approved" else draw.choices(list(REASONS), list(REASONS.values()))


def _kept(codes: Sequence[str]) -> str:
    reason = {"disposition": "review", "audience": "public", "native": 0.41, "score": None, "threshold": 0.98}
    rest = {"assessed": True, "model_version": "student@1.0.0", "detail": None}
    source = {"source": {"standard": "Photogate", "measure": "", "id": None}}
    return json.dumps([{"code": code, **reason, **rest, **source} for code in codes])


def _id(draw: random.Random, at: datetime) -> UUID:
    """A UUIDv7 of that moment (RFC 9562)."""
    ms = int(at.timestamp() * 1000)
    return UUID(int=(ms << 80) | (7 << 76) | (draw.getrandbits(12) << 64) | (2 << 62) | draw.getrandbits(62))
