"""What the shipped classifier costs beside its source's network, and what its artifact promises."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from benchmarks.figures.promise import Context, Figure, NotMeasured, Promise, Proof
from models.artifacts import WEIGHTS, Artifact, ArtifactError, load_artifact, newest_version
from models.classifier import DEFAULT_NETWORK, Classifier, Precision
from models.drawings import KINDS, draw
from models.networks.real_vs_placeholder import real_vs_placeholder
from models.pixels import Pixels
from models.runtimes.gpu import TorchClassifier
from photogate.applications.profiles import load_profile

FP32 = Promise("default classifier: times as fast as its source's network, 32 bits", "×", least=150)
INT8 = Promise("default classifier: times as fast as its source's network, 8 bits", "×", least=400)
SOURCE_MS = Promise("its source's network, one crop on one core", "named")
OURS_MS = Promise("default classifier, one crop on one core", "named")
TORCH_FP32 = Promise("torch against ONNX Runtime: largest difference of p_real, 32 bits", most=1e-3)
TORCH_BF16 = Promise("torch against ONNX Runtime: largest difference of p_real, bfloat16", most=1e-2)
LOSS = Promise("default classifier: BPCER or APCER lost in 8 bits", "points", most=0.05)
GUARANTEE = Promise("default classifier: what its thresholds promise", "the default profile is as strict")
SIZE = Promise("all shipped weights", "MB", most=15)

_LAPS = 7
_CALLS = 20


def serving(_context: Context) -> list[Figure]:
    """Time three networks in turns on one thread, compare the runtimes, and read the artifact."""
    try:
        artifact = load_artifact(newest_version(DEFAULT_NETWORK))
        return [*_speed(artifact), *_parity(artifact), *_promised(artifact), _size(WEIGHTS)]
    except ArtifactError as error:
        raise NotMeasured(str(error)) from error


def _speed(artifact: Artifact) -> list[Figure]:
    torch.set_num_threads(1)
    crop = _crops(1)
    source = real_vs_placeholder().eval()
    picture = torch.zeros(1, 3, 224, 224)
    fp32 = Classifier(artifact, precision=Precision.FP32)
    int8 = Classifier(artifact, precision=Precision.INT8) if artifact.int8 else None
    laps: list[list[float]] = []
    with torch.inference_mode():
        for _ in range(_LAPS):  # in turns, so that a busy machine is busy for all of them
            forms = [fp32, int8] if int8 else [fp32]
            laps.append([_ms(lambda: source(picture), 1), *(_ms(lambda form=form: form.score(crop)) for form in forms)])
    source_ms, *ours = np.median(laps, axis=0)
    named = f"{ours[0]:.2f} ms in 32 bits" + (f", {ours[1]:.2f} ms in 8 bits" if int8 else "")
    return [
        FP32.measured(round(source_ms / ours[0], 1)),
        INT8.measured(round(source_ms / ours[1], 1)) if int8 else INT8.not_measured("there is no form in 8 bits"),
        SOURCE_MS.found(f"{source_ms:.0f} ms", ok=True),
        OURS_MS.found(named, ok=True),
    ]


def _parity(artifact: Artifact) -> list[Figure]:
    crops = _crops(len(KINDS))
    wanted = Classifier(artifact, precision=Precision.FP32).score(crops)
    found = {bf16: TorchClassifier(artifact, "cpu", bf16=bf16).score(crops) for bf16 in (False, True)}
    return [
        promise.measured(float(f"{np.abs(found[bf16] - wanted).max():.2g}"))
        for promise, bf16 in ((TORCH_FP32, False), (TORCH_BF16, True))
    ]


def _promised(artifact: Artifact) -> list[Figure]:
    manifest = artifact.manifest
    loss = LOSS.measured(manifest.int8.loss_points) if manifest.int8 else LOSS.not_measured("no form in 8 bits")
    if manifest.guarantee is None:
        return [loss, GUARANTEE.found("nothing", ok=False)]
    limits, thresholds = load_profile("default").real_photo, manifest.thresholds
    is_within = (
        limits.approve_at >= thresholds["approve_at_or_above"] and limits.refuse_at <= thresholds["refuse_below"]
    )
    return [loss, GUARANTEE.found(manifest.guarantee.sentence, ok=is_within)]


def _size(weights: Path) -> Figure:
    return SIZE.measured(round(sum(path.stat().st_size for path in weights.rglob("*") if path.is_file()) / 1e6, 2))


def _crops(count: int) -> Pixels:
    pictures = [draw(KINDS[n % len(KINDS)], np.random.default_rng(n), 224) for n in range(count)]
    return np.stack([np.asarray(picture.convert("RGB").resize((224, 224))) for picture in pictures])


def _ms(call: Callable[[], object], calls: int = _CALLS) -> float:
    """Processor milliseconds of one call."""
    call()
    started = time.process_time()
    for _ in range(calls):
        call()
    return (time.process_time() - started) * 1000 / calls


SERVING = Proof(
    "the default classifier's cost and promise",
    (FP32, INT8, SOURCE_MS, OURS_MS, TORCH_FP32, TORCH_BF16, LOSS, GUARANTEE, SIZE),
    serving,
)
