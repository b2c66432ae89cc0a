"""Measurements as plain JSON values."""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from models.evaluation.curves import Curve, coverage_at_risk
from models.evaluation.evaluation import Evaluation, Ground

_DIGITS = 6
_WRONG_AT_MOST = 0.001


def figures(found: Evaluation, ground: Ground) -> dict[str, Any]:
    """Everything that the report shows of one model, without pictures; NaN is null."""
    measured = found.measured
    confusion, routed = found.confusion, found.routed
    return {
        "model": measured.model,
        "sha256": measured.sha256,
        **ground_figures(ground),
        "threshold": measured.threshold,
        "promise": found.promise and plain(found.promise),
        "accuracy": plain(confusion.accuracy),
        "precision": plain(confusion.precision),
        "recall": plain(confusion.recall),
        "f1": plain(confusion.f1),
        "confusion": plain(confusion),
        "roc_auc": plain(found.roc.area),
        "average_precision": plain(found.precision_recall.area),
        "ece": plain(found.ece),
        "operating_points": plain(found.points),
        "sources": plain(found.sources),
        "kinds": plain(found.kinds),
        "drawn_kinds": plain(found.drawn_kinds),
        "policy": {
            "real": plain(routed.real),
            "other": plain(routed.other),
            "automatic": plain(routed.automatic),
            "wrong_of_automatic": plain(routed.wrong),
            "bpcer": plain(routed.real_refused),
            "apcer": plain(routed.other_approved),
            "real_to_people": plain(routed.real_to_people),
        },
        "reliability": plain(found.bins),
        "risk_coverage": {
            "area": plain(found.risk_coverage.area),
            f"coverage_at_risk_{_WRONG_AT_MOST:g}": plain(coverage_at_risk(found.risk_coverage, _WRONG_AT_MOST)),
        },
        "groups": plain(found.groups),
        "groups_of_labelled_sources_that_are_not_unseen": plain(found.labelled_groups),
        "robustness": plain(found.suffered),
        "cost": {**plain(found.cost), "total_ms": plain(found.cost.total_ms)},
        "curves": {
            "roc": _corners(found.roc),
            "precision_recall": _corners(found.precision_recall),
            "risk_coverage": _corners(found.risk_coverage),
        },
        "wrong": [
            {"file": example.file, "label": example.label, "source": example.source, "p_real": plain(float(p_real))}
            for example, p_real, wrong in zip(measured.pictures.examples, measured.p_real, measured.wrong, strict=True)
            if wrong
        ],
    }


def plain(value: Any) -> Any:  # noqa: ANN401 - any measurement goes in, any JSON value comes out
    """Dataclasses as objects, tuples as lists, floats to six digits, NaN as null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list | np.ndarray):
        return [plain(each) for each in value]
    if isinstance(value, float):
        return None if math.isnan(value) else round(float(value), _DIGITS)
    return value


def ground_figures(ground: Ground) -> dict[str, Any]:
    """What was measured on."""
    pictures = ground.pictures
    return {
        "split": str(ground.wanted.split),
        "pictures": {"real": int(pictures.is_real.sum()), "other": int((~pictures.is_real).sum())},
        "skipped": plain(pictures.skipped),
    }


def _corners(curve: Curve) -> dict[str, Any]:
    """The points at which a curve turns: what lies between them is straight."""
    x, y = curve.x, curve.y
    turns = np.ones(len(x), bool)
    cross = np.diff(x)[:-1] * np.diff(y)[1:] - np.diff(y)[:-1] * np.diff(x)[1:]
    turns[1:-1] = np.abs(cross) > 0
    return {"x": plain(x[turns]), "y": plain(y[turns])}
