"""What differs between two profiles, or two models, in words that a person understands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changes; a side is empty where it is not asked for there."""

    part: str
    what: str
    before: str
    after: str

    def __str__(self) -> str:
        """As on the command line."""
        return f"{self.part}: {self.what} {self.before or 'not asked'} → {self.after or 'not asked'}"


def of_profiles(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """What the recorded forms of two profiles (`IssuerProfile.to_json`) say differently, in their own order."""
    return tuple(_compared(_lines(before), _lines(after)))


def of_models(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """What the recorded facts of two models say differently."""
    return tuple(_compared(_model_lines(before), _model_lines(after)))


def _compared(before: Mapping[tuple[str, str], str], after: Mapping[tuple[str, str], str]) -> Iterator[Difference]:
    for part, what in dict.fromkeys((*before, *after)):
        one, other = before.get((part, what), ""), after.get((part, what), "")
        if one != other:
            yield Difference(part, what, one, other)


def _lines(profile: Mapping[str, Any]) -> Mapping[tuple[str, str], str]:
    """Every limit of a profile: what it is about, in words, and its value."""
    lines = {}
    for name, value in profile.items():
        if name in {"name", "version"}:
            continue
        fields = value.items() if isinstance(value, dict) else [("", value)]
        for field, limit in fields:
            lines[PARTS.get(name, _plain(name)), _what(name, field)] = _value(field or name, limit)
    return lines


def _what(part: str, field: str) -> str:
    return WORDS.get((part, field)) or _plain(field or part).lower()


def _value(field: str, limit: object) -> str:
    if isinstance(limit, bool):
        return "yes" if limit else "no"
    if isinstance(limit, float) and field in RATES:
        return f"{100 * limit:.4g} %"
    if isinstance(limit, list | tuple):
        return ", ".join(_value(field, one) for one in limit) or "none"
    if isinstance(limit, dict):
        return ", ".join(f"{_plain(name).lower()} {_value(name, one)}" for name, one in limit.items())
    return "none" if limit is None else f"{limit:g}" if isinstance(limit, float) else str(limit)


def _model_lines(facts: Mapping[str, Any]) -> Mapping[tuple[str, str], str]:
    promise = facts["guarantee"] or {}
    lines = {("Made", "on"): str(facts["created"])[:10]}
    for name, words in (("placeholders_approved", "placeholders approved"), ("reals_refused", "real faces refused")):
        if risk := promise.get(name):
            lines["Promise", f"{words} at most"] = f"{100 * risk['at_most']:.4g} %"
            lines["Promise", f"{words} in calibration"] = f"{risk['errors']} of {risk['pictures']}"
    if promise:
        lines["Promise", "with confidence"] = f"{100 * promise['confidence']:.4g} %"
        lines["Promise", "holds for"] = str(promise["holds_for"])
    for name, edge in facts["thresholds"].items():
        lines["Thresholds", EDGES.get(name, _plain(name).lower())] = f"{edge:.6g}"
    return lines


def _plain(name: str) -> str:
    return name.replace("_", " ").capitalize()


PARTS: Mapping[str, str] = {
    "min_short_side_px": "Intake",
    "max_resubmissions": "Intake",
    "real_photo": "Real photo",
    "single_face": "Single face",
    "usual_photo": "Usual photo",
    "camera_photo": "Camera photo",
    "retention": "Retention",
    "risk": "Bound",
}

WORDS: Mapping[tuple[str, str], str] = {
    ("min_short_side_px", ""): "shorter side, pixels at least",
    ("max_resubmissions", ""): "further photos allowed",
    ("real_photo", "approve_at"): "approve from",
    ("real_photo", "refuse_at"): "refuse up to",
    ("real_photo", "refuse_faceless_at"): "refuse without a face up to",
    ("single_face", "smallest_share"): "face, share of the photo’s height at least",
    ("single_face", "sure_from"): "detector is sure from",
    ("usual_photo", "strange_above"): "people look at what is stranger than",
    ("camera_photo", "flag_at"): "suspected as generated from",
    ("retention", "original_days"): "submitted file kept, days",
    ("retention", "picture_days"): "pictures kept, days",
    ("retention", "applicant_days"): "applicant kept, days",
    ("risk", "placeholders_approved"): "placeholders approved at most",
    ("risk", "reals_refused"): "real faces refused at most",
    ("risk", "delta"): "but for a probability of",
    ("risk", "sample_share"): "applications that wait for a person",
    ("risk", "sample_seed"): "seed of the sample",
}

EDGES: Mapping[str, str] = {
    "approve_at_or_above": "the promise holds for approving from",
    "refuse_below": "the promise holds for refusing up to",
    "real_at_or_above": "says real from",
}

RATES = frozenset(
    {"placeholders_approved", "reals_refused", "delta", "sample_share", "smallest_share", "share", "shares"}
)
