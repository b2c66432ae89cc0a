"""What a check found, as the page shows it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from photogate.screening.profile import IssuerProfile
from photogate.screening.reasons import Reason
from photogate.screening.verdicts import Verdict
from review_ui.case_view import Finding, finding
from review_ui.check_form import CheckForm
from review_ui.quality_view import QualityGroup, quality_groups
from review_ui.score_view import ScoreView, score_view
from review_ui.words import number

WOULD: Mapping[Verdict, str] = {
    Verdict.APPROVED: "would approve this photo",
    Verdict.IN_REVIEW: "would have a person look at this photo",
    Verdict.RESUBMISSION_REQUESTED: "would ask the applicant for another photo",
    Verdict.REJECTED: "would reject this photo",
}

OPINIONS: Mapping[str, str] = {
    "real": "Real photo",
    "not_real": "Not a real photo",
    "camera": "Taken by a camera",
    "generated": "Made by a generator",
}

LIMITS: Mapping[str, str] = {"real": "real", "not_real": "real", "camera": "camera", "generated": "camera"}

SPEAKS_UP_AT = 1.0
"""Logits that covering a part must cost before the part alone can be said to matter."""


@dataclass(frozen=True, slots=True)
class FaceShown:
    """A face in pixels of the upright photo; `dot` is the radius of its landmarks."""

    x: int
    y: int
    width: int
    height: int
    landmarks: tuple[tuple[float, float], ...]
    dot: float


@dataclass(frozen=True, slots=True)
class Shown:
    """The worker's own pictures as data addresses; `heat_map` is empty where it was not asked for."""

    width: int
    height: int
    faces: tuple[FaceShown, ...]
    review_copy: str
    crop: str
    heat_map: str


@dataclass(frozen=True, slots=True)
class OpinionShown:
    """One model's line; `share` is its probability from 0 to 100, for a bar, `limit` what its verdict goes by."""

    name: str
    words: str
    tone: str
    p_real: str
    limit: str
    share: float
    ms: str
    decides: bool


@dataclass(frozen=True, slots=True)
class Result:
    """Everything under the form; `headline` is the answer in a few words."""

    headline: str
    tone: str
    would: str
    policy: str
    findings: tuple[Finding, ...]
    score: ScoreView | None
    opinions: tuple[OpinionShown, ...]
    shown: Shown | None
    mattered: str
    quality: tuple[QualityGroup, ...]
    times: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CheckPage:
    """The form, and what was found once a picture was sent."""

    form: CheckForm
    result: Result | None = None


def result_of(answer: Mapping[str, Any], profile: IssuerProfile) -> Result:
    """A worker's answer in words and numbers."""
    p_real: float | None = answer["p_real"]
    score = None if p_real is None else score_view(p_real, profile.real_photo)
    return Result(
        headline=score.meaning if score else "This file cannot be read as a photo",
        tone=_tone(p_real, profile),
        would=WOULD[Verdict(answer["verdict"])],
        policy=profile.reference,
        findings=tuple(finding(Reason.from_json(reason)) for reason in answer["reasons"]),
        score=score,
        opinions=tuple(_opinions(answer["models"])),
        shown=_shown(answer.get("shown")),
        mattered=what_mattered(answer["heat_map"]),
        quality=quality_groups(answer["quality"]),
        times=tuple(_times(answer)),
    )


def _tone(p_real: float | None, profile: IssuerProfile) -> str:
    if p_real is None or p_real <= profile.real_photo.refuse_at:
        return "bad"
    return "good" if p_real >= profile.real_photo.approve_at else "ask"


def _opinions(models: list[dict[str, Any]]) -> Iterator[OpinionShown]:
    for place, said in enumerate(models):
        yield OpinionShown(
            name=said["name"],
            words=OPINIONS[said["verdict"]],
            tone="good" if said["verdict"] in {"real", "camera"} else "bad",
            p_real=number(said["p_real"], 0, 1, said["threshold"]),
            limit=f"{LIMITS[said['verdict']]} from {number(said['threshold'])}",
            share=round(100 * said["p_real"], 1),
            ms=f"{said['ms']:.1f} ms",
            decides=place == 0,
        )


def _shown(shown: Mapping[str, Any] | None) -> Shown | None:
    if shown is None:
        return None
    return Shown(
        width=shown["width"],
        height=shown["height"],
        faces=tuple(_face(face, shown["width"]) for face in shown["faces"]),
        review_copy=f"data:image/jpeg;base64,{shown['review_copy']}",
        crop=f"data:image/png;base64,{shown['crop']}",
        heat_map=f"data:image/png;base64,{shown['heat_map']}" if shown["heat_map"] else "",
    )


def _face(face: Mapping[str, Any], photo_width: int) -> FaceShown:
    landmarks = tuple((x, y) for x, y in face["landmarks"] or ())
    x, y, width, height = face["box"]
    return FaceShown(x, y, width, height, landmarks, dot=max(photo_width / 220, width / 45))


def what_mattered(heat_map: Mapping[str, Any] | None) -> str:
    """What the map says, in a sentence; empty without one."""
    if heat_map is None:
        return ""
    values = [value for row in heat_map["importances"] for value in row]
    for_real, against = max(values), -min(values)
    if max(for_real, against) < SPEAKS_UP_AT:
        return "No part alone tips the answer: whichever is covered, it stays much the same."
    if for_real >= against:
        return "Without the orange parts, this would look less like a real photo."
    return "Without the blue parts, this would look more like a real photo."


def _times(answer: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    ms = answer["ms"]
    if "classify" in ms:
        yield "Prediction", f"{ms['classify']:.1f} ms"
    if others := answer["models"][1:]:
        yield "Other models", f"{sum(said['ms'] for said in others):.1f} ms"
    if ms:
        yield "Decode to verdict", f"{sum(ms.values()):.0f} ms"
    if answer["heat_map"]:
        yield "Heat map", f"{answer['heat_map']['ms']:.0f} ms"
