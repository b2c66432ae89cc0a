"""Train the closer look.

`python -m models.training.detector.refine --data DIR --cache FILE --out FILE --minutes 15`
"""

import argparse
import time
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from rich.progress import track
from torch import Tensor, nn
from torch.nn import functional

from models.artifacts import load_artifact, newest_version
from models.detection.compact import CANDIDATE, NETWORK, CompactDetector
from models.networks.face_refiner import FaceRefinerNet
from models.training.detector.consensus import Consensus
from models.training.detector.following import follow, rate
from models.training.detector.labels import labelled
from models.training.detector.loss import generalised_iou
from models.training.detector.pictures import Pictures, gather
from models.training.detector.squares import Cutter, Floats, Squares
from models.training.sentences import ends_in_a_sentence
from models.training.weights import start_from

_DRAWINGS = 900
_BATCH = 192
_PEAK_RATE, _DECAY, _WARM_UP = 4e-3, 0.02, 0.05
_REPORT_EVERY = 100
_BOX_WEIGHT, _POINT_WEIGHT = 1.0, 12.0
_SUSPECTED = 0.05
_LOOKS_PX = (128, 256)


def train(cutter: Cutter, network: FaceRefinerNet, minutes: float) -> nn.Module:
    """Teach for so many minutes of the clock; the running average of the weights."""
    optimiser = torch.optim.AdamW(network.parameters(), lr=_PEAK_RATE, weight_decay=_DECAY)
    average = deepcopy(network)
    started, step = time.monotonic(), 0
    while (share := (time.monotonic() - started) / (60 * minutes)) < 1:
        for group in optimiser.param_groups:
            group["lr"] = _PEAK_RATE * rate(share, warm_up=_WARM_UP, floor=0.003)
        squares = cutter.batch(_BATCH)
        cost, parts = losses(network(as_tensor(squares.pixels)), squares)
        optimiser.zero_grad()
        cost.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 10.0)
        optimiser.step()
        follow(average, network, step)
        step += 1
        if step % _REPORT_EVERY == 0:
            print(f"{time.strftime('%H:%M:%S')} {share:6.1%} step {step}: {parts}", flush=True)
    return average


def losses(said: Tensor, squares: Squares) -> tuple[Tensor, str]:
    """What (N, 15) answers cost together, and each part in words."""
    is_face = torch.from_numpy(squares.is_face)
    places = torch.from_numpy(squares.places)[is_face]
    found = said[is_face, 1:]
    score = functional.binary_cross_entropy_with_logits(said[:, 0], is_face.float())
    box = generalised_iou(_box(found), _box(places)).mean()
    points = (found[:, 4:] - places[:, 4:]).abs().mean()
    total = score + _BOX_WEIGHT * box + _POINT_WEIGHT * points
    return total, f"score {score.item():.4f} box {box.item():.4f} points {points.item():.4f}"


def as_tensor(pixels: np.ndarray) -> Tensor:
    """(N, 64, 64, 3) uint8 as (N, 3, 64, 64) float32 in -1…1."""
    return torch.from_numpy(pixels).permute(0, 3, 1, 2).to(torch.float32, memory_format=torch.channels_last) / 127.5 - 1


def proposed(pictures: Pictures, name: Path) -> list[Floats]:
    """What the first look may take for a face in each picture, (K, 4) x, y, width, height; kept under `name`."""
    if not name.exists():
        artifact = load_artifact(newest_version(NETWORK))
        generous = replace(artifact.manifest, thresholds={CANDIDATE: _SUSPECTED})
        detector = CompactDetector(replace(artifact, manifest=generous))
        found = [_seen(detector, pictures, index) for index in track(range(len(pictures.entries)), "first looks")]
        np.savez(name, *found)
    kept = np.load(name)
    return [kept[f"arr_{index}"] for index in range(len(pictures.entries))]


def _seen(detector: CompactDetector, pictures: Pictures, index: int) -> Floats:
    corners = np.concatenate([detector.candidates(pictures[index], look_px).corners for look_px in _LOOKS_PX])
    return np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1)


def _box(places: Tensor) -> Tensor:
    return torch.cat([places[:, :2], places[:, 2:4].clamp(-4, 4).exp()], dim=1)


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=15)
    parser.add_argument("--yunet", type=Path, help="the author's yunet_n_dynamic.onnx: landmarks from several looks")
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(asked.seed)
    taught = [picture for folder in asked.data for picture in labelled(folder)]
    steadier = Consensus.from_file(asked.yunet) if asked.yunet else None
    gathered = gather(
        asked.cache, taught, _DRAWINGS, lambda some, total: track(some, "pictures", total=total), steadier
    )
    cutter = Cutter(gathered, proposed(gathered, asked.cache.with_suffix(".npz")), np.random.default_rng(asked.seed))
    learner = FaceRefinerNet()
    learner.to(memory_format=torch.channels_last)  # type: ignore[call-overload] # the stubs know tensors' only
    if asked.start:
        start_from(learner, str(asked.start), "")
    torch.save(train(cutter, learner, asked.minutes).state_dict(), asked.out)


if __name__ == "__main__":
    with ends_in_a_sentence():
        _main()
