"""A classifier on the sources that never trained, in the few figures that a manifest keeps."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.progress import track

from models.classifier import Classifier, Scorer
from models.evaluation.errors import PartErrors, Rate, by_source, operating_points
from models.evaluation.measured import Measured, measure
from models.evaluation.pictures import Watch, chosen_examples, read_pictures, require_both_classes
from models.evaluation.reliability import bins, expected_calibration_error
from models.training.splits import Example, Split

_NAMEABLE = 20
"""Sources smaller than this are pooled before the worst is named: one picture of one is no rate."""


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """Error rates in the terms of ISO/IEC 30107-3 at the threshold that the model ships with."""

    measured: Measured
    apcer: Rate
    bpcer: Rate
    ece: float
    faces_found: float
    per_source: tuple[PartErrors, ...]

    @property
    def nameable(self) -> list[PartErrors]:
        """Every source of at least 20 pictures, and the smaller ones of each label as one; worst first."""
        large = [part for part in self.per_source if part.at[0].of >= _NAMEABLE]
        small = [part for part in self.per_source if part.at[0].of < _NAMEABLE]
        pools = [_pooled(label, small) for label in sorted({part.label for part in small})]
        return sorted([*large, *pools], key=lambda part: -part.at[0].value)

    @property
    def worst_source(self) -> PartErrors:
        """The source with the highest error among the nameable ones."""
        return self.nameable[0]


def held_out(
    data: Path, classifier: Scorer | None = None, split: Split = Split.TEST, watch: Watch | None = None
) -> HeldOut:
    """Send every picture of a split through the service's own preparation and classifier; raises `EvaluationError`."""
    classifier = classifier or Classifier.load()
    pictures = read_pictures(data, chosen_examples(data, split), watch or _progress)
    require_both_classes(pictures, data)
    return summary(measure(classifier, pictures))


def summary(measured: Measured) -> HeldOut:
    """The few figures of what was measured."""
    points = operating_points(measured, wanted=())
    (shipped,) = points
    return HeldOut(
        measured,
        shipped.apcer,
        shipped.bpcer,
        expected_calibration_error(bins(measured.p_real, measured.is_real)),
        float((measured.pictures.faces[measured.is_real] > 0).mean()),
        by_source(measured, points),
    )


def as_metrics(found: HeldOut) -> dict[str, Any]:
    """What a manifest keeps of a measurement."""
    worst = found.worst_source
    return {
        "bpcer": round(found.bpcer.value, 5),
        "apcer": round(found.apcer.value, 5),
        "ece": round(found.ece, 5),
        "faces_found": round(found.faces_found, 4),
        "worst_source": f"{worst.label}/{worst.name}",
        "worst_error": round(worst.at[0].value, 5),
        "per_source": {
            f"{part.label}/{part.name}": {"pictures": part.at[0].of, "error": round(part.at[0].value, 5)}
            for part in found.nameable
        },
    }


def _pooled(label: str, small: list[PartErrors]) -> PartErrors:
    pool = [part.at[0] for part in small if part.label == label]
    rate = Rate.counted(sum(part.wrong for part in pool), sum(part.of for part in pool))
    return PartErrors(label, f"{len(pool)} small sources", (rate,))


def _progress(chosen: Iterable[Example], total: int) -> Iterable[Example]:
    return track(chosen, "held-out sources", total=total)
