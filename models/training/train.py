"""Train the default classifier: `python -m models.training.train --data DIR --out runs/student`.

Reads top to bottom. A run that was stopped goes on from its last epoch when started again.
"""

import argparse
import json
import math
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import track
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel

from models.networks.student import INPUT_PX, Student
from models.pixels import Pixels
from models.training.augmentation import view
from models.training.pictures import DRAWN, RENDERED, Invented, Pictures, Watch, gather, serving_crop
from models.training.splits import Split, examples

MEAN, STD = 127.5, 63.75
_AHEAD = 4
_IS_A_PHOTO = 0.75

Stateful = nn.Module | torch.optim.Optimizer | torch.optim.lr_scheduler.LRScheduler


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that shapes a run besides the pictures."""

    epochs: int = 40
    views_per_epoch: int = 9_600
    batch: int = 64
    peak_rate: float = 2e-3
    weight_decay: float = 5e-2
    label_smoothing: float = 0.01
    drawings: int = 3_000
    renders: int = 2_400
    seed: int = 2611
    start_from: Path | None = None


class Views:
    """The batches of random views of one epoch; the same epoch and seed give the same views."""

    def __init__(self, pictures: Pictures, recipe: Recipe, epoch: int) -> None:
        """Draw which pictures are seen: sources by the square root of their size, real and not real alike."""
        self._pictures = pictures
        self._seed = (recipe.seed, epoch)
        draw = np.random.default_rng(self._seed)
        chosen = draw.choice(len(pictures), recipe.views_per_epoch, p=_chances(pictures))
        self.indices = np.array_split(chosen, len(chosen) // recipe.batch)
        self._batch = recipe.batch
        self._others = [number for number, entry in enumerate(pictures.entries) if not entry.is_real]
        self._photos = [n for n in self._others if pictures.entries[n].label == "other_no_face"] or self._others

    def __len__(self) -> int:
        """How many batches."""
        return len(self.indices)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Batches in order, the next few prepared in a thread of their own while one is learnt from."""
        with ThreadPoolExecutor(max_workers=1) as ahead:
            coming = deque(ahead.submit(self._prepared, number) for number in range(min(_AHEAD, len(self))))
            for number in range(len(self)):
                yield coming.popleft().result()
                if number + _AHEAD < len(self):
                    coming.append(ahead.submit(self._prepared, number + _AHEAD))

    def _prepared(self, batch: int) -> tuple[Tensor, Tensor]:
        """One batch: (N, 3, 112, 112) uint8, and (N,) float32, one where a real face is shown."""
        views = [self._view(batch * self._batch + place, index) for place, index in enumerate(self.indices[batch])]
        pixels = np.stack([pixels for pixels, _ in views]).transpose(0, 3, 1, 2)
        return torch.from_numpy(pixels), torch.tensor([float(is_real) for _, is_real in views])

    def _view(self, number: int, index: int) -> tuple[Pixels, bool]:
        rng = np.random.default_rng((*self._seed, number))
        other = self._pictures[int(rng.choice(self._photos if rng.random() < _IS_A_PHOTO else self._others))]
        return view(self._pictures[index], self._pictures.entries[index], other, rng, INPUT_PX)


SHARES = {"real": 0.55, "placeholder": 0.12, "other_no_face": 0.17, DRAWN: 0.08, RENDERED: 0.08}
"""How often each label is seen; sources share within it by the square root of their size.

A quarter of the real pictures' views show no face any more (augmentation.py), so both classes come about alike.
"""


def _chances(pictures: Pictures) -> NDArray[np.float64]:
    sizes = Counter((entry.label, entry.source) for entry in pictures.entries)
    weights = np.array([1 / math.sqrt(sizes[entry.label, entry.source]) for entry in pictures.entries])
    labels = np.array([entry.label for entry in pictures.entries])
    for label in np.unique(labels):
        weights[labels == label] *= SHARES[str(label)] / weights[labels == label].sum()
    return weights / weights.sum()


def normalised(pixels: Tensor) -> Tensor:
    """uint8 to float32 of about unit spread; the manifest tells serving the same numbers."""
    return (pixels.float() - MEAN) / STD


def _moving(average: Tensor, current: Tensor, steps: Tensor | int) -> Tensor:
    """Exponential moving average that follows quickly at first and over about 500 steps later."""
    return average + (current - average) * max(0.002, 9 / (10 + float(steps)))


def train(data: Path, out: Path, recipe: Recipe) -> Path:
    """Run the recipe and return the file of the averaged weights."""
    cv2.setNumThreads(1)
    torch.manual_seed(recipe.seed)
    out.mkdir(parents=True, exist_ok=True)
    invented = Invented(recipe.drawings, recipe.renders, recipe.seed)
    training = gather(out / "train.bin", examples(data, Split.TRAIN), data, invented, _watch("training pictures"))
    others = Invented(300, 100, recipe.seed + 1)
    calibration = gather(
        out / "calibration.bin", examples(data, Split.CALIBRATION), data, others, _watch("calibration")
    )
    judged = _judged(calibration)

    # Channels last: 2.8 times the speed on a CPU (277 against 783 ms a batch of 64 on two cores).
    network = Student()
    if recipe.start_from:
        network.load_state_dict(torch.load(recipe.start_from, weights_only=True))
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's stubs leave it out
    average = AveragedModel(network, avg_fn=_moving, use_buffers=True)
    optimizer = torch.optim.AdamW(network.parameters(), lr=recipe.peak_rate, weight_decay=recipe.weight_decay)
    steps = recipe.epochs * (recipe.views_per_epoch // recipe.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.peak_rate, total_steps=steps, pct_start=0.1)
    parts: dict[str, Stateful] = {"network": network, "average": average, "optimizer": optimizer, "schedule": schedule}
    first_epoch = _resume(out / "checkpoint.pt", parts)

    for epoch in range(first_epoch, recipe.epochs):
        network.train()
        losses = []
        for pixels, is_real in track(Views(training, recipe, epoch), f"epoch {epoch + 1}/{recipe.epochs}"):
            wanted = is_real * (1 - 2 * recipe.label_smoothing) + recipe.label_smoothing
            inputs = normalised(pixels).contiguous(memory_format=torch.channels_last)
            loss = nn.functional.binary_cross_entropy_with_logits(network(inputs), wanted)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimizer.step()
            schedule.step()
            average.update_parameters(network)
            losses.append(float(loss.detach()))
        note = {"epoch": epoch + 1, "loss": round(float(np.mean(losses)), 4), **judge(average.module, *judged)}
        with (out / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(note) + "\n")
        state = {"epoch": epoch + 1, **{name: part.state_dict() for name, part in parts.items()}}
        _keep(average.module.state_dict(), out / "student.pt")
        _keep(state, out / "checkpoint.pt")
    return out / "student.pt"


def _keep(state: Mapping[str, object], path: Path) -> None:
    """Write beside and move into place: a run that is killed leaves the last whole file."""
    torch.save(state, path.with_suffix(".partial"))
    path.with_suffix(".partial").replace(path)


def _resume(checkpoint: Path, parts: dict[str, Stateful]) -> int:
    """Load the last epoch's state and return how many epochs are done."""
    if not checkpoint.exists():
        return 0
    state = torch.load(checkpoint, weights_only=True)
    for name, part in parts.items():
        part.load_state_dict(state[name])
    return state["epoch"]


def _judged(pictures: Pictures) -> tuple[Pixels, NDArray[np.bool_], list[str]]:
    crops = np.stack(
        [
            cv2.resize(serving_crop(pictures, index), (INPUT_PX, INPUT_PX), interpolation=cv2.INTER_AREA)
            for index in range(len(pictures))
        ]
    )
    return crops, np.array([entry.is_real for entry in pictures.entries]), [e.source for e in pictures.entries]


@torch.no_grad()
def judge(network: nn.Module, crops: Pixels, is_real: NDArray[np.bool_], sources: list[str]) -> dict[str, object]:
    """Loss and errors at logit 0 on crops as the service makes them; the worst source by name."""
    network.eval()
    batches = torch.from_numpy(crops.transpose(0, 3, 1, 2)).split(128)
    logits = torch.cat([network(normalised(batch)) for batch in batches])
    wrong = ((logits > 0).numpy() != is_real).astype(float)
    loss = nn.functional.binary_cross_entropy_with_logits(logits, torch.from_numpy(is_real).float())
    by_source = {source: wrong[[s == source for s in sources]].mean() for source in sorted(set(sources))}
    worst = max(by_source, key=lambda source: by_source[source])
    real_logits, other_logits = logits.numpy()[is_real], logits.numpy()[~is_real]
    return {
        "calibration_loss": round(float(loss), 5),
        "bpcer": round(float(wrong[is_real].mean()), 5),
        "apcer": round(float(wrong[~is_real].mean()), 5),
        "worst": f"{worst} {by_source[worst]:.3f}",
        "real_logit_0.5%": round(float(np.quantile(real_logits, 0.005)), 2),
        "other_logit_99.5%": round(float(np.quantile(other_logits, 0.995)), 2),
    }


def _watch(what: str) -> Watch:
    return lambda numbers, total: track(numbers, what, total=total)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("runs/student"))
    parser.add_argument("--epochs", type=int, default=Recipe().epochs)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--peak-rate", type=float, default=Recipe().peak_rate)
    parser.add_argument("--start-from", type=Path, help="weights of an earlier run")
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    train(asked.data, asked.out, Recipe(epochs=asked.epochs, peak_rate=asked.peak_rate, start_from=asked.start_from))
