"""A run's folder: what was asked, where it stands, and what came out."""

import json
import pickle
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from torch import nn

from models.training.curves import Note, draw_curves
from models.training.errors import TrainingError
from models.training.recipe import Recipe

RECIPE, CHECKPOINT, WEIGHTS, METRICS, CURVES = (
    "recipe.json",
    "checkpoint.pt",
    "weights.safetensors",
    "metrics.json",
    "curves.png",
)

Metrics = dict[str, Any]
"""What is said of a whole run."""


@dataclass(frozen=True, slots=True)
class Run:
    """One folder; every file is written beside and moved into place, so that a killed run leaves whole files."""

    folder: Path

    def begin(self, recipe: Recipe) -> None:
        """Claim the folder; raises `TrainingError` when it cannot be made or holds a run of another recipe."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TrainingError(f"The folder {self.folder} cannot be made: {error.strerror}.") from error
        if (self.folder / RECIPE).exists() and (changed := recipe.differences(self.recipe())):
            raise TrainingError(
                f"{self.folder} holds a run of another recipe ({', '.join(changed)} differ); choose another folder."
            )
        self._write_json(RECIPE, recipe.as_json())

    def recipe(self) -> Recipe:
        """What the run was asked to do; raises `TrainingError`."""
        return Recipe.of(self._read_json(RECIPE), f"The recipe in {self.folder}")

    def metrics(self) -> Metrics:
        """What came out; raises `TrainingError`."""
        return self._read_json(METRICS)

    def resume(self) -> dict[str, Any] | None:
        """The state after the last whole epoch, or None for a new run; raises `TrainingError`."""
        path = self.folder / CHECKPOINT
        if not path.exists():
            return None
        try:
            state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
        except (OSError, RuntimeError, EOFError, ValueError, pickle.UnpicklingError) as error:
            raise TrainingError(f"{path} is no checkpoint of this program; delete it to begin anew.") from error
        return state

    def keep_state(self, state: Mapping[str, Any]) -> None:
        """Remember where the run stands."""
        self._written(CHECKPOINT, lambda path: torch.save(dict(state), path))

    def keep_weights(self, network: nn.Module) -> None:
        """The weights that count so far."""
        tensors = {name: tensor.contiguous().cpu() for name, tensor in network.state_dict().items()}
        # Not by save_file, whose files nobody but their owner may read.
        self._written(WEIGHTS, lambda path: path.write_bytes(safetensors.torch.save(tensors)))

    def load_weights(self, network: nn.Module) -> None:
        """Put the kept weights into a network; raises `TrainingError`."""
        try:
            network.load_state_dict(safetensors.torch.load_file(self.folder / WEIGHTS))
        except (OSError, RuntimeError, safetensors.SafetensorError) as error:
            raise TrainingError(f"{self.folder / WEIGHTS} holds no weights of the recipe's network.") from error

    def finish(self, history: list[Note], metrics: Metrics) -> None:
        """Write down what came out, and draw it."""
        self._write_json(METRICS, metrics)
        self._written(CURVES, lambda path: draw_curves(history, metrics["network"], path))

    def _write_json(self, name: str, facts: Mapping[str, Any]) -> None:
        text = json.dumps(facts, indent=2, ensure_ascii=False) + "\n"
        self._written(name, lambda path: path.write_text(text, encoding="utf-8"))

    def _read_json(self, name: str) -> dict[str, Any]:
        try:
            facts: dict[str, Any] = json.loads((self.folder / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise TrainingError(f"{self.folder} holds no run: there is no {name} in it.") from None
        except (OSError, ValueError) as error:
            raise TrainingError(f"{self.folder / name} cannot be read: {error}.") from error
        return facts

    def _written(self, name: str, write: Callable[[Path], object]) -> None:
        partial = self.folder / f"{name}.partial"
        try:
            write(partial)
            partial.replace(self.folder / name)
        except OSError as error:
            free = shutil.disk_usage(self.folder).free / 1e6
            raise TrainingError(f"{self.folder / name} cannot be written ({free:.0f} MB are free): {error}.") from error
