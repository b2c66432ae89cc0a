"""Measure the shipped real-vs-AI network: `python -m models.training.generated.evaluate --data DIR`."""

import argparse
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from models.artifacts import newest_version
from models.classifier import Classifier
from models.training.generated.exam import Exam, Floats, Judge, Separation, Watch, alike, by_generator, served
from models.training.generated.shortcuts import SHORTCUTS, photo_scores
from models.training.generated.sources import PAIRED_REAL, Part, Portrait, portraits
from models.training.sentences import ends_in_a_sentence

NETWORK = "real_vs_ai"
THRESHOLD = "real_at_or_above"


@dataclass(frozen=True, slots=True)
class Exams:
    """The crops that a network is judged by: files held out of what taught it, and photos of sources that did not."""

    held_out: Exam
    unseen: Exam


def exams(data: Path, watch: Watch | None = None) -> Exams:
    """Prepare both as the service would; a minute or two."""
    watch = watch or shown
    return Exams(*(served(portraits(data, part), data, watch) for part in (Part.HELD_OUT, Part.UNSEEN)))


def remeasured(data: Path, directory: Path | None = None, watch: Watch | None = None) -> Mapping[str, Any]:
    """The shipped weights on the held-out files and on photos of unseen sources; the keys are those of the manifest."""
    classifier = Classifier.load(directory or newest_version(NETWORK))
    return as_served(classifier.score, classifier.thresholds[THRESHOLD], exams(data, watch))


def as_served(judge: Judge, threshold: float, crops: Exams) -> dict[str, Any]:
    """How well each generator is told from held-out photos, and how many unseen people's photos would be flagged."""
    held, unseen = crops.held_out.judged(judge), crops.unseen.judged(judge)
    against = {
        "held_out_photos": held[crops.held_out.is_photo],
        "paired_photos": held[crops.held_out.photos_of(PAIRED_REAL)],
        "unseen_photos": unseen[crops.unseen.is_photo],
    }
    return {
        "within": {
            name: _rounded(by_generator(crops.held_out, held, photos))
            for name, photos in against.items()
            if len(photos)
        },
        "found": {
            name: round(float((held[crops.held_out.made_by(name)] < threshold).mean()), 4)
            for name in crops.held_out.generators
        },
        "flagged_photos": flagged(crops.held_out, held, threshold) | flagged(crops.unseen, unseen, threshold),
    }


def flagged(exam: Exam, p_photo: Floats, threshold: float) -> dict[str, dict[str, float]]:
    """Of each source's photos the share that would be sent to review: errors, every one."""
    sources = sorted({portrait.source for portrait in exam.portraits if portrait.is_photo})
    scores = {source: p_photo[exam.photos_of(source)] for source in sources}
    return {
        source: {"pictures": len(some), "share": round(float((some < threshold).mean()), 4)}
        for source, some in scores.items()
    }


def beside_shortcuts(judge: Judge, data: Path, watch: Watch) -> dict[str, dict[str, dict[str, float]]]:
    """The network and the shortcuts on crops all prepared alike; the shortcuts learn from the calibration files."""
    held, taught = (alike(portraits(data, part), data, watch) for part in (Part.HELD_OUT, Part.CALIBRATION))
    scores = {"network": held.judged(judge)}
    for name, measure in SHORTCUTS.items():
        measured, learnt = (np.stack([measure(crop) for crop in exam.crops]) for exam in (held, taught))
        scores[name] = photo_scores(measured, learnt, taught.is_photo)
    return {name: _rounded(by_generator(held, some, some[held.is_photo])) for name, some in scores.items()}


def shown(chosen: Sequence[Portrait], what: str) -> Iterable[Portrait]:
    """Progress on the console."""
    return track(chosen, what)


def _rounded(separations: Mapping[str, Separation]) -> dict[str, dict[str, float]]:
    return {
        name: {key: round(value, 4) for key, value in asdict(separation).items()}
        for name, separation in separations.items()
    }


def _show(measured: Mapping[str, Any], kept: Mapping[str, Any]) -> None:
    console = Console()
    table = Table("generator", "held-out photos", "FFHQ alone", "unseen photos", "left out", "found when flagging")
    within = measured["within"]
    for name, found in measured["found"].items():
        aucs = [f"{within[photos][name]['auc']:.4f}" for photos in within]
        table.add_row(name, *aucs, f"{kept['left_out'][name]['auc']:.4f}", f"{found:.1%}")
    console.print("ROC-AUC of each generator's pictures against", table)
    for source, photos in measured["flagged_photos"].items():
        console.print(f"flagged of {source}: {photos['share']:.2%} of {photos['pictures']}")


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    asked = parser.parse_args()
    newest = newest_version(NETWORK)
    _show(remeasured(asked.data, newest), Classifier.load(newest).manifest.metrics)


if __name__ == "__main__":
    with ends_in_a_sentence():
        _main()
