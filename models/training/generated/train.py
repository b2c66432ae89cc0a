"""Train the real-vs-AI network: `python -m models.training.generated.train --data DIR --out runs/real_vs_ai`.

First many views of the training portraits are drawn and described, which takes most of the time and goes on where it
was stopped. Then the network that ships learns from all the descriptions, and for each generator one network learns
without that generator's: what those score on it is what an unknown generator would meet.
"""

import argparse
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from rich.progress import track
from torch import Tensor, nn

from models.networks.real_vs_ai import RealVsAI, Spectrum
from models.training.errors import TrainingError
from models.training.generated.sources import GENERATORS, Part, Portrait, portraits
from models.training.generated.views import Shelf
from models.training.sentences import ends_in_a_sentence

MEAN, STD = 127.5, 63.75
SHIPPED = "all"
_VIEWS_PER_FILE = 1_000
_BY_CAMERA = str(None)


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that shapes a run besides the pictures."""

    views: int = 24_000
    epochs: int = 30
    batch: int = 128
    peak_rate: float = 2e-3
    weight_decay: float = 5e-2
    label_smoothing: float = 0.02
    seed: int = 7


@dataclass(frozen=True, slots=True, eq=False)
class Views:
    """(V, 364) float32 descriptions of views, and the name of what made each."""

    spectra: NDArray[np.float32]
    made_by: NDArray[np.str_]

    def without(self, generator: str) -> "Views":
        """All but this generator's."""
        kept = self.made_by != generator
        return Views(self.spectra[kept], self.made_by[kept])


def train(data: Path, out: Path, recipe: Recipe) -> Path:
    """Draw, describe and learn; returns the folder with one file of weights for each network."""
    cv2.setNumThreads(1)
    out.mkdir(parents=True, exist_ok=True)
    views = drawn(data, out, recipe)
    curricula = {SHIPPED: views, **{without(name): views.without(name) for name in GENERATORS.values()}}
    for name, curriculum in curricula.items():
        network, losses = taught(curriculum, recipe)
        _keep(network.state_dict(), out / f"{name}.pt")
        (out / f"{name}.json").write_text(json.dumps(losses), encoding="utf-8")
    return out


def without(generator: str) -> str:
    """Name of the network that never saw this generator."""
    return f"without_{generator}"


def drawn(data: Path, out: Path, recipe: Recipe) -> Views:
    """The recipe's views, a thousand a file under `out`; files that are there are read, not drawn again."""
    names = [out / f"views_{number}.npz" for number in range(recipe.views // _VIEWS_PER_FILE)]
    missing = [(number, name) for number, name in enumerate(names) if not name.exists()]
    shelf = Shelf.of(_of_both_kinds(data), data) if missing else None
    for number, name in track(missing, "thousands of views"):
        if shelf:
            _draw(shelf, np.random.default_rng((recipe.seed, number)), name)
    files = [np.load(name) for name in names]
    return Views(np.concatenate([f["spectra"] for f in files]), np.concatenate([f["made_by"] for f in files]))


def _of_both_kinds(data: Path) -> list[Portrait]:
    chosen = portraits(data, Part.TRAIN)
    if len({portrait.is_photo for portrait in chosen}) < 2:  # noqa: PLR2004 - photos, and generated faces
        raise TrainingError(f"{data} needs photos and generated faces, each with its face's box in the manifest.")
    return chosen


def taught(views: Views, recipe: Recipe) -> tuple[RealVsAI, list[float]]:
    """A network that learnt from these views, and its mean loss in each epoch; both classes weigh alike."""
    torch.manual_seed(recipe.seed)
    network = RealVsAI()
    spectra = torch.from_numpy(views.spectra)
    is_photo = torch.from_numpy(views.made_by == _BY_CAMERA).float()
    weights = torch.where(is_photo > 0, 0.5 / is_photo.mean(), 0.5 / (1 - is_photo).mean())
    targets = is_photo * (1 - recipe.label_smoothing) + recipe.label_smoothing / 2
    learnt = [weight for weight in network.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(learnt, lr=recipe.peak_rate, weight_decay=recipe.weight_decay)
    steps = recipe.epochs * (len(spectra) // recipe.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.peak_rate, total_steps=steps)
    losses = []
    for _ in range(recipe.epochs):
        epoch = []
        for batch in torch.randperm(len(spectra))[: len(spectra) // recipe.batch * recipe.batch].split(recipe.batch):
            optimizer.zero_grad()
            loss = nn.functional.binary_cross_entropy_with_logits(
                network.judged(spectra[batch]), targets[batch], weights[batch]
            )
            loss.backward()
            optimizer.step()
            schedule.step()
            epoch.append(float(loss.detach()))
        losses.append(round(float(np.mean(epoch)), 4))
    return network.eval(), losses


def normalised(crops: Tensor) -> Tensor:
    """uint8 to float32 of about unit spread; the manifest tells serving the same numbers."""
    return (crops.float() - MEAN) / STD


@torch.no_grad()
def _draw(shelf: Shelf, rng: np.random.Generator, name: Path) -> None:
    spectrum = Spectrum()
    spectra, made_by = [], []
    for _ in range(_VIEWS_PER_FILE):
        crop, maker = shelf.drawn(rng)
        spectra.append(spectrum(normalised(torch.from_numpy(crop).permute(2, 0, 1)[None]))[0].numpy())
        made_by.append(str(maker))
    with name.with_suffix(".partial").open("wb") as file:
        np.savez(file, spectra=np.stack(spectra), made_by=np.array(made_by))
    name.with_suffix(".partial").replace(name)


def _keep(state: Mapping[str, object], path: Path) -> None:
    """Write beside and move into place: a run that is killed leaves the last whole file."""
    torch.save(state, path.with_suffix(".partial"))
    path.with_suffix(".partial").replace(path)


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path("runs/real_vs_ai"))
    parser.add_argument("--views", type=int, default=Recipe().views)
    parser.add_argument("--threads", type=int, default=2)
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    train(asked.data, asked.out, Recipe(asked.views))


if __name__ == "__main__":
    with ends_in_a_sentence():
        _main()
