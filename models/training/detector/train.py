"""Train the face detector: `python -m models.training.detector.train --data DIR --out FILE --minutes 60`."""

import argparse
import math
import time
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from rich.progress import track
from torch import Tensor, nn

from models.networks.face_detector import FaceDetectorNet
from models.training.detector.composing import Composer, Scene
from models.training.detector.following import follow, rate
from models.training.detector.labels import labelled
from models.training.detector.loss import Losses, losses
from models.training.detector.mining import hard_negatives
from models.training.detector.pictures import Pictures, gather
from models.training.sentences import ends_in_a_sentence
from models.training.weights import start_from

_DRAWINGS = 900
_WARM_UP = 0.03
_DECAY = 0.05
_REPORT_EVERY = 25
_REMEMBERED = 1500
_MININGS = 6
"""How often the pictures that look like faces are picked out anew."""
_PIXELS_A_BATCH = 20 * 128 * 128

Keep = Callable[[nn.Module], None]
"""Takes a network whose weights are worth keeping."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """For how long, at which sizes in turn, from which rate down, and with which chance."""

    minutes: float
    sizes_px: Sequence[int] = (128, 128, 192)
    peak_rate: float = 2e-3
    seed: int = 1


def train(pictures: Pictures, network: FaceDetectorNet, schedule: Schedule, keep: Keep) -> None:
    """Teach for so many minutes of the clock; `keep` is given the running average of the weights now and then."""
    supply = Supply(Composer(pictures, np.random.default_rng(schedule.seed)), schedule.seed)
    optimiser = torch.optim.AdamW(network.parameters(), lr=schedule.peak_rate, weight_decay=_DECAY)
    average = deepcopy(network)
    started, step, mined = time.monotonic(), 0, 0
    while (share := (time.monotonic() - started) / (60 * schedule.minutes)) < 1:
        if share >= mined / _MININGS:
            supply.composer.hard = hard_negatives(average, pictures)
            mined += 1
        for group in optimiser.param_groups:
            group["lr"] = schedule.peak_rate * rate(share, warm_up=_WARM_UP, floor=0.005)
        size_px = schedule.sizes_px[step % len(schedule.sizes_px)]
        scenes = supply.batch(size_px)
        cost = losses(network(batch_of(scenes)), scenes)
        optimiser.zero_grad()
        cost.total.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 10.0)
        optimiser.step()
        follow(average, network, step)
        step += 1
        if step % _REPORT_EVERY == 0:
            _report(step, share, cost)
            keep(average)
    keep(average)


class Supply:
    """Batches of which a third is new: composing a scene costs half as much as learning from it."""

    def __init__(self, composer: Composer, seed: int) -> None:
        self.composer = composer
        self._rng = np.random.default_rng((seed, 1))
        self._seen: dict[int, list[Scene]] = {}

    def batch(self, size_px: int) -> list[Scene]:
        """Scenes of one size, new ones and such as were seen before."""
        count = max(8, _PIXELS_A_BATCH // size_px**2)
        seen = self._seen.setdefault(size_px, [])
        new = [self.composer.scene(size_px) for _ in range(math.ceil(count / 3) if len(seen) >= count else count)]
        old = [seen[int(self._rng.integers(len(seen)))] for _ in range(count - len(new))]
        seen += new
        del seen[:-_REMEMBERED]
        return new + old


def batch_of(scenes: Sequence[Scene]) -> Tensor:
    """Scenes as (N, 3, S, S) float32 in -1…1."""
    pixels = torch.from_numpy(np.stack([scene.pixels for scene in scenes])).permute(0, 3, 1, 2)
    return pixels.to(torch.float32, memory_format=torch.channels_last) / 127.5 - 1


def _report(step: int, share: float, cost: Losses) -> None:
    parts = f"score {cost.score:.3f} box {cost.box:.3f} points {cost.points:.4f}"
    print(f"{time.strftime('%H:%M:%S')} {share:6.1%} step {step}: {parts}", flush=True)


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--sizes", type=int, nargs="+", default=[128, 128, 192], help="multiples of 64")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(asked.seed)
    taught = labelled(asked.data)
    gathered = gather(asked.cache, taught, _DRAWINGS, lambda some, total: track(some, "pictures", total=total))
    learner = FaceDetectorNet()
    learner.to(memory_format=torch.channels_last)  # type: ignore[call-overload] # the stubs know tensors' only
    if asked.start:
        start_from(learner, str(asked.start), "")
    planned = Schedule(asked.minutes, asked.sizes, asked.rate, asked.seed)
    train(gathered, learner, planned, keep=lambda network: torch.save(network.state_dict(), asked.out))


if __name__ == "__main__":
    with ends_in_a_sentence():
        _main()
