"""The stories that a long history is made of: one applicant's photo, what was measured, and who decided what.

Each row is what the application would have written (a test holds it to that); only what is sealed is random bytes.
"""

import hashlib
import hmac
import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Self
from uuid import UUID

from models.quality.measure import MEASURES
from photogate.applications.policies import digest_of
from photogate.applications.profiles import load_profile
from photogate.screening.likeness import NOWHERE
from photogate.screening.measurements import BoundingBox, Face, Measurements, QualityMeasure
from photogate.screening.reasons import Disposition, Reason, ReasonCode

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
OF_MODELS = {"LOW_CONFIDENCE", "OUT_OF_DISTRIBUTION"}
"""Reasons that a policy gives and a person cannot."""

POLICY, POLICY_VERSIONS, MODEL_VERSIONS = "earlier", 6, 9
SEALED_BYTES = 29
"""What sealing adds: format, nonce and tag."""

COLUMNS: Mapping[str, str] = {
    "users": "id, email, name, role, created_at",
    "policies": "reference, body, sha256, created_at",
    "applicants": "id, client, reference_digest, sealed_reference, wrapped_key, master_key_id, created_at",
    "applications": "id, client, applicant_id, status, created_at, updated_at, current_decision_id",
    "photos": "id, application_id, attempt, sha256, media_type, size_bytes, width, height, sealed_key, original_key,"
    " crop_key, review_key, stage, fencing_token, attempts, created_at",
    "assessments": "id, photo_id, measurements, created_at",
    "decisions": "id, application_id, photo_id, assessment_id, supersedes_id, verdict, reasons, policy, models,"
    " actor_kind, user_id, created_at",
    "review_tasks": "id, application_id, photo_id, decision_id, opened_at, claimed_by, lease_until, closed_at",
    "events": "id, kind, actor, application_id, details, created_at",
}


class References:
    """Finds the applicants of this history by reference, as the folder of master keys finds others."""

    def digest(self, text: str) -> bytes:
        """HMAC-SHA-256 under a key of the benchmark's own."""
        return hmac.digest(b"benchmark", text.encode(), "sha256")


def reference(number: int) -> str:
    """What the applicant of this number is called."""
    return f"A-{number:08}"


def setting() -> Iterator[Entry]:
    """The people and the policies of the year, from its first moment on."""
    draw, at = random.Random(3), ENDS - LASTS
    for number, person in enumerate(REVIEWERS):
        yield "users", (person, f"{number}@example.org", f"Reviewer {number}", "reviewer", at)
        yield _event(draw, at, "user_created", "system", None, user=str(person), role="reviewer")
    for version in range(1, POLICY_VERSIONS + 1):
        profile = replace(load_profile("default"), name=POLICY, version=version, known_pictures=None)
        digest = digest_of(profile)
        yield "policies", (profile.reference, json.dumps(profile.to_json()), digest, at)
        yield _event(draw, at, "policy_adopted", "system", None, policy=profile.reference, sha256=digest)


def stories(decisions: int) -> Iterator[list[Entry]]:
    """As many stories, in the order of time, as have so many decisions; always the same ones."""
    draw, told, number = random.Random(4), 0, 0
    while told < decisions:
        story = list(_story(draw, number, told / decisions))
        told += sum(table == "decisions" for table, _ in story)
        number += 1
        yield story


@dataclass(frozen=True, slots=True)
class _Case:
    """One photo: its names in every table, when it came in and what was to judge it then."""

    at: datetime
    client: str
    reference: str
    applicant: str
    application: str
    photo: str
    assessment: str
    sha256: str
    policy: str
    models: str

    @classmethod
    def drawn(cls, draw: random.Random, number: int, progress: float) -> Self:
        """The photo of this number; `progress` from 0 to 1 says how far the year has come."""
        at = ENDS - LASTS * (1 - progress)
        ids = [_id(draw, at) for _ in range(4)]
        sha256 = AVATAR if draw.random() < AVATARS else f"{draw.getrandbits(256):064x}"
        policy, models = f"{POLICY}@{1 + int(progress * POLICY_VERSIONS)}", _models(int(progress * MODEL_VERSIONS))
        return cls(at, CLIENTS[number % len(CLIENTS)], reference(number), *ids, sha256, policy, models)


@dataclass(frozen=True, slots=True)
class _Made:
    """One decision; `person` made it, or the policy."""

    id: str
    at: datetime
    verdict: str
    codes: Sequence[str]
    person: str | None = None
    supersedes: str | None = None


def _story(draw: random.Random, number: int, progress: float) -> Iterator[Entry]:
    case = _Case.drawn(draw, number, progress)
    made = list(_decided(draw, case))
    yield from _intake(draw, case, made[-1])
    yield from _measured(draw, case, made[0].at)
    for decision in made:
        if decision.person:
            yield from _reviewed(draw, case, decision)
        yield from _decision(draw, case, decision)


def _decided(draw: random.Random, case: _Case) -> Iterator[_Made]:
    at = case.at + timedelta(seconds=draw.uniform(1, 6))
    first = _Made(_id(draw, at), at, *_verdict(draw))
    yield first
    if first.verdict == "in_review":
        later = at + timedelta(hours=draw.expovariate(1 / 5))
        yield _Made(_id(draw, later), later, *_second(draw), str(draw.choice(REVIEWERS)), first.id)


def _intake(draw: random.Random, case: _Case, last: _Made) -> Iterator[Entry]:
    digest, key = References().digest(case.reference), draw.randbytes(SEALED_BYTES + 32)
    named = draw.randbytes(SEALED_BYTES + len(case.reference))
    yield "applicants", (case.applicant, case.client, digest, named, key, "benchmark", case.at)
    opened = (case.application, case.client, case.applicant)
    yield "applications", (*opened, last.verdict, case.at, last.at, last.id)
    folder = f"{case.application}/{case.photo}"
    keys = (f"{folder}/{case.sha256}", f"{folder}/crop.png", f"{folder}/review.jpg")
    file = (case.sha256, "image/jpeg", 250_000, 900, 1200, draw.randbytes(SEALED_BYTES + 32))
    yield "photos", (case.photo, case.application, 1, *file, *keys, "decided", 1, 1, case.at)
    told = {"photo": case.photo, "photo_sha256": case.sha256}
    yield _event(draw, case.at, "application_submitted", f"client:{case.client}", case.application, **told)


def _measured(draw: random.Random, case: _Case, at: datetime) -> Iterator[Entry]:
    yield "assessments", (case.assessment, case.photo, _scored(case.models, draw.random()), at)
    told = {"photo": case.photo, "assessment": case.assessment, "models": json.loads(case.models)}
    yield _event(draw, at, "photo_assessed", "system", case.application, **told)


def _reviewed(draw: random.Random, case: _Case, made: _Made) -> Iterator[Entry]:
    """The case that a person had open for a minute."""
    task, claimed_at = _id(draw, case.at), made.at - timedelta(minutes=1)
    rest = (case.at, made.person, made.at + timedelta(seconds=30), made.at)
    yield "review_tasks", (task, case.application, case.photo, made.supersedes, *rest)
    yield _event(draw, claimed_at, "review_claimed", f"user:{made.person}", case.application, task=task)


def _decision(draw: random.Random, case: _Case, made: _Made) -> Iterator[Entry]:
    kind, actor = ("person", f"user:{made.person}") if made.person else ("policy", f"policy:{case.policy}")
    grounds = (case.application, case.photo, case.assessment, made.supersedes)
    reasons = _reasons(tuple(made.codes), made.verdict, by_person=made.person is not None)
    rest = (case.policy, case.models, kind, made.person, made.at)
    yield "decisions", (made.id, *grounds, made.verdict, reasons, *rest)
    told = {"decision": made.id, "verdict": made.verdict, "reasons": list(made.codes)}
    yield _event(draw, made.at, "decision_made", actor, case.application, **told)


def _event(
    draw: random.Random, at: datetime, kind: str, actor: str, application: str | None, **details: object
) -> Entry:
    return "events", (_id(draw, at), kind, actor, application, json.dumps(details), at)


@cache
def _models(version: int) -> str:
    return json.dumps(dict.fromkeys((f"student@1.{version}.0", "real_vs_ai@1.0.0"), "ab" * 32))


@cache
def _measurements(models: str) -> str:
    """All that is measured on a portrait, as a template: what differs between portraits is filled in."""
    eyes_nose_mouth = ((260.0, 300.0), (340.0, 300.0), (300.0, 350.0), (270.0, 400.0), (330.0, 400.0))
    found = Measurements(
        width=900,
        height=1200,
        faces=(Face(BoundingBox(210.4, 180.7, 480.2, _drawn("height")), _drawn("sure"), eyes_nose_mouth),),
        p_real=_drawn("p_real"),
        p_ai_generated=_drawn("p_ai_generated"),
        strangeness=_drawn("strangeness"),
        seen=NOWHERE,
        quality={name: QualityMeasure(0.41, 73.0) for name in MEASURES},
        models=json.loads(models),
        ms={"decode": 21.4, "detect": 3.1, "quality": 6.2, "review_copy": 9.7, "classify": 1.6},
    )
    return re.sub(r'"(%[^"]*)"', r"\1", json.dumps(asdict(found)))


def _drawn(name: str) -> Any:  # noqa: ANN401 - stands where a number will
    return f"%({name}).5f"


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
    given = {code: weight for code, weight in REASONS.items() if code not in OF_MODELS}
    return verdict, [] if verdict == "approved" else draw.choices(list(given), list(given.values()))


def _scored(models: str, chance: float) -> str:
    """One portrait's measurements, hardly any two of which are alike; one in twelve is surely a placeholder."""
    p_real = chance / 4 if chance < 0.08 else chance**0.01  # noqa: PLR2004
    seen = {"p_real": p_real, "p_ai_generated": chance * 97 % 1, "strangeness": chance * 89 % 1.005}
    return _measurements(models) % {**seen, "sure": 1 - chance * 83 % 0.02, "height": 600 - chance * 79 % 1 * 500}


@cache
def _reasons(codes: tuple[str, ...], verdict: str, *, by_person: bool) -> str:
    asks_for = {"in_review": Disposition.REVIEW, "rejected": Disposition.FINAL}.get(verdict, Disposition.RETRY)
    met = {} if by_person else {"native": 0.41, "threshold": 0.98, "model_version": "student@1.0.0"}
    return json.dumps([Reason(ReasonCode(code), asks_for, **met).to_json() for code in codes])  # type: ignore[arg-type]


def _id(draw: random.Random, at: datetime) -> str:
    """A UUIDv7 of that moment (RFC 9562), as it is written; an object of each would cost as much as the whole row."""
    ms, rest = int(at.timestamp() * 1000), f"{draw.getrandbits(74):019x}"
    return f"{ms >> 16:08x}-{ms & 0xFFFF:04x}-7{rest[:3]}-{8 + int(rest[3], 16) % 4:x}{rest[4:7]}-{rest[7:]}"
