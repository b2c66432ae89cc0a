"""Measure the shipped classifier on sources that never trained: `python -m models.training.evaluate --data DIR`."""

import argparse
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from rich.table import Table

from models.classifier import Classifier
from models.detection import HaarDetector
from models.preparation import Prepared, prepare
from models.training.calibration import expected_calibration_error
from models.training.splits import Example, Split, examples

Watch = Callable[[Iterable[Example], int], Iterable[Example]]
"""Shows progress over so many pictures."""

_BATCH = 64
_NAMEABLE = 20
"""Sources smaller than this are pooled before the worst is named: one picture of one is no rate."""


@dataclass(frozen=True, slots=True)
class SourceErrors:
    """One source: how many pictures, and the share of them judged wrongly."""

    label: str
    source: str
    pictures: int
    error: float


@dataclass(frozen=True, slots=True)
class Judged:
    """One picture: what it is, how it scored, and how many faces the detector found."""

    is_real: bool
    p_real: float
    faces: int


@dataclass(frozen=True, slots=True)
class PolicyErrors:
    """Shares of automatic decisions that are wrong, and of real faces that people look at.

    `bpcer`: real faces refused. `apcer`: everything else approved.
    """

    bpcer: float
    apcer: float
    real_to_people: float


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Error rates in the terms of ISO/IEC 30107-3 at `threshold`.

    `bpcer`: share of real faces refused. `apcer`: share of everything else accepted. `worst_source` is the one of at
    least 20 pictures (smaller ones pooled) with the highest error. `missed` names each picture judged wrongly.
    """

    threshold: float
    bpcer: float
    apcer: float
    ece: float
    worst_source: str
    worst_error: float
    faces_found: float
    per_source: tuple[SourceErrors, ...]
    missed: tuple[str, ...]
    judged: tuple[Judged, ...] = field(repr=False)

    def under_policy(self, approve_at: float, refuse_at: float) -> PolicyErrors:
        """What a policy with a review band makes of the same scores; only a picture with one face is approved."""
        approved = [picture.p_real >= approve_at and picture.faces == 1 for picture in self.judged]
        refused = [picture.p_real <= refuse_at for picture in self.judged]
        real = [picture.is_real for picture in self.judged]
        return PolicyErrors(
            bpcer=_share(refused, real),
            apcer=_share(approved, [not is_real for is_real in real]),
            real_to_people=1 - _share(approved, real) - _share(refused, real),
        )


def held_out(
    data: Path,
    classifier: Classifier | None = None,
    split: Split = Split.TEST,
    watch: Watch | None = None,
) -> HeldOut:
    """Send every picture of a split through the service's own preparation and classifier."""
    classifier = classifier or Classifier.load()
    chosen = examples(data, split)
    p_real, faces = scores(data, chosen, classifier, watch or _progress)
    return _summary(chosen, p_real, faces, classifier.thresholds["real_at_or_above"])


def scores(
    data: Path,
    chosen: list[Example],
    classifier: Classifier,
    watch: Watch,
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """p_real of each picture, and how many faces the detector found in it."""
    prepared = prepared_crops(data, chosen, watch)
    crops = np.stack([photo.crop for photo in prepared])
    p_real = [classifier.score(crops[start : start + _BATCH]) for start in range(0, len(crops), _BATCH)]
    return np.concatenate(p_real), np.array([len(photo.faces) for photo in prepared])


def prepared_crops(data: Path, chosen: list[Example], watch: Watch) -> list[Prepared]:
    """Each picture as the service prepares it."""
    detector = HaarDetector()
    return [prepare((data / example.file).read_bytes(), detector) for example in watch(chosen, len(chosen))]


def _summary(chosen: list[Example], p_real: NDArray[np.float64], faces: NDArray[np.intp], threshold: float) -> HeldOut:
    is_real = np.array([example.is_real for example in chosen])
    wrong = (p_real >= threshold) != is_real
    per_source = _per_source(chosen, wrong)
    worst = max(_nameable(per_source), key=lambda source: source.error)
    return HeldOut(
        threshold=threshold,
        bpcer=float(wrong[is_real].mean()),
        apcer=float(wrong[~is_real].mean()),
        ece=expected_calibration_error(p_real, is_real),
        worst_source=f"{worst.label}/{worst.source}",
        worst_error=worst.error,
        faces_found=float((faces[is_real] > 0).mean()),
        per_source=per_source,
        missed=tuple(f"{e.file} p_real={p:.3f}" for e, p, w in zip(chosen, p_real, wrong, strict=True) if w),
        judged=tuple(map(Judged, is_real.tolist(), p_real.tolist(), faces.tolist())),
    )


def _share(hits: list[bool], among: list[bool]) -> float:
    return sum(hit for hit, counts in zip(hits, among, strict=True) if counts) / sum(among)


def _per_source(chosen: list[Example], wrong: NDArray[np.bool_]) -> tuple[SourceErrors, ...]:
    outcomes: dict[tuple[str, str], list[bool]] = {}
    for example, error in zip(chosen, wrong, strict=True):
        outcomes.setdefault((example.label, example.source), []).append(bool(error))
    return tuple(
        SourceErrors(label, source, len(errors), sum(errors) / len(errors))
        for (label, source), errors in sorted(outcomes.items())
    )


def _nameable(per_source: Iterable[SourceErrors]) -> list[SourceErrors]:
    large = [source for source in per_source if source.pictures >= _NAMEABLE]
    small = [source for source in per_source if source.pictures < _NAMEABLE]
    for label in sorted({source.label for source in small}):
        pool = [source for source in small if source.label == label]
        pictures = sum(source.pictures for source in pool)
        errors = sum(source.error * source.pictures for source in pool)
        large.append(SourceErrors(label, f"{len(pool)} small sources", pictures, errors / pictures))
    return large


def as_metrics(measured: HeldOut) -> Mapping[str, object]:
    """What a manifest keeps of a measurement."""
    return {
        "bpcer": round(measured.bpcer, 5),
        "apcer": round(measured.apcer, 5),
        "ece": round(measured.ece, 5),
        "faces_found": round(measured.faces_found, 4),
        "worst_source": measured.worst_source,
        "worst_error": round(measured.worst_error, 5),
        "per_source": {
            f"{s.label}/{s.source}": {"pictures": s.pictures, "error": round(s.error, 5)}
            for s in _nameable(measured.per_source)
        },
    }


def _progress(chosen: Iterable[Example], total: int) -> Iterable[Example]:
    return track(chosen, "held-out sources", total=total)


def _show(measured: HeldOut) -> None:
    table = Table("label", "source", "pictures", "error")
    for source in measured.per_source:
        table.add_row(source.label, source.source, str(source.pictures), f"{source.error:.2%}")
    console = Console()
    console.print(table)
    for line in measured.missed:
        console.print(line)
    console.print(
        f"at {measured.threshold}: BPCER {measured.bpcer:.2%}, APCER {measured.apcer:.2%}, ECE {measured.ece:.4f}, "
        f"faces found {measured.faces_found:.1%}, worst {measured.worst_source} {measured.worst_error:.2%}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", type=Split, choices=list(Split), default=Split.TEST)
    asked = parser.parse_args()
    _show(held_out(asked.data, split=asked.split))
