"""Rows for the table in docs/models.md: `python -m benchmarks.networks ARTIFACT… --data DIR`.

Without an artifact it prints what each network costs at its source's input size, whatever its weights.

An artifact is a folder with manifest.json: RUN/artifact of a run, or a folder of models/weights. Every one is
measured on the same pictures of the test sources, prepared once.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from rich.console import Console
from rich.progress import track

from benchmarks.figures.networks import STATED
from models.artifacts import ArtifactError
from models.classifier import Classifier
from models.evaluation.cost import Loaded, cost
from models.evaluation.curves import auc
from models.evaluation.errors import operating_points
from models.evaluation.measured import measure
from models.evaluation.pictures import (
    EvaluationError,
    Pictures,
    chosen_examples,
    read_pictures,
    require_both_classes,
)
from models.networks.build import BUILDERS, build
from models.networks.counting import count
from models.networks.student import Student
from models.training.network_onnx import onnx_bytes
from models.training.splits import Example, Split

_AT_BPCER = 0.01
_LAPS = 9
HEADER = " | ".join(
    [
        *("network", "input px", "parameters", "GMAC", "ms", "AUC", "APCER", "BPCER", "APCER at 1 % BPCER"),
        *("views", "whole epochs", "ran to its end"),
    ]
)


@dataclass(frozen=True, slots=True)
class Row:
    """One artifact's figures; `run` is what its run's metrics.json says, where there is one."""

    classifier: Classifier
    auc: float
    apcer: float
    bpcer: float
    apcer_at_bpcer: float
    ms: float
    run: dict[str, Any]

    def __str__(self) -> str:
        manifest = self.classifier.manifest
        sizes = _sizes(manifest.name, manifest.input.size_px)
        learnt = [str(self.run.get(key, "")) for key in ("views", "epochs", "ran_to_its_end")]
        errors = [f"{100 * rate:.2f} %" for rate in (self.apcer, self.bpcer, self.apcer_at_bpcer)]
        cells = [manifest.name, str(manifest.input.size_px), *sizes, f"{self.ms:.2f}", f"{self.auc:.4f}", *errors]
        return " | ".join([*cells, *learnt])


def measured(folder: Path, pictures: Pictures) -> Row:
    """Load one artifact and measure it; raises `ArtifactError` or `EvaluationError`."""
    classifier = Classifier.load(folder)
    found = measure(classifier, pictures)
    shipped, wanted = operating_points(found, [_AT_BPCER])
    return Row(
        classifier,
        auc(found.p_real, found.is_real),
        shipped.apcer.value,
        shipped.bpcer.value,
        wanted.apcer.value,
        cost(Loaded(classifier, None), pictures).score_cpu_ms,
        _run(folder.parent / "metrics.json"),
    )


def source_costs() -> Iterator[str]:
    """Name, input, parameters, GMAC and median processor milliseconds of each source's network at its own size."""
    for name, stated in STATED.items():
        network = build(name)
        ms = _median_ms(onnx_bytes(network, stated.size_px), stated.size_px)
        counted = count(network, stated.size_px)
        yield f"{name} | {stated.size_px} | {counted.parameters:,} | {counted.gmac:.2f} | {ms:.1f}"


def _median_ms(model: bytes, size_px: int) -> float:
    """One picture at a time on one thread of ONNX Runtime, in the processor's time and not the clock's."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    picture = {"pictures": np.zeros((1, 3, size_px, size_px), np.float32)}
    laps = []
    for _ in range(_LAPS + 1):
        start = time.process_time()
        session.run(["logits"], picture)
        laps.append(1000 * (time.process_time() - start))
    return statistics.median(laps[1:])


def _sizes(name: str, size_px: int) -> tuple[str, str]:
    """Parameters and GMAC as served: a student folds first."""
    if name not in BUILDERS:
        return "", ""
    network = build(name)
    counted = count(network.eval().folded() if isinstance(network, Student) else network, size_px)
    return f"{counted.parameters:,}", f"{counted.gmac:.2f}"


def _run(metrics: Path) -> dict[str, Any]:
    return dict(json.loads(metrics.read_text(encoding="utf-8"))) if metrics.exists() else {}


def _test_pictures(data: Path) -> Pictures:
    pictures = read_pictures(data, chosen_examples(data, Split.TEST), _watch)
    require_both_classes(pictures, data)
    return pictures


def _watch(examples: Iterable[Example], total: int) -> Iterator[Example]:
    yield from track(examples, "Preparing test pictures", total=total, console=Console(stderr=True))


def _main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("artifacts", type=Path, nargs="*", metavar="ARTIFACT")
    options.add_argument("--data", type=Path)
    asked = options.parse_args()
    if not asked.artifacts:
        for line in source_costs():
            print(line, flush=True)
        return
    if asked.data is None:
        options.error("artifacts are measured on pictures: --data DIR")
    try:
        pictures = _test_pictures(asked.data)
        print(HEADER)
        for folder in asked.artifacts:
            print(measured(folder, pictures), flush=True)
    except (ArtifactError, EvaluationError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    _main()
