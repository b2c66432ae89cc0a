"""When a run is over, which of its epochs counts, and what is said of it."""

from dataclasses import asdict
from enum import StrEnum

from torch import nn

from models.training.curves import Note
from models.training.material import Material
from models.training.recipe import Recipe
from models.training.run import Metrics


class End(StrEnum):
    """Why a run ended; the first two are the recipe's own ends."""

    ALL_EPOCHS = "all epochs"
    EARLY = "early stopping"
    OUT_OF_TIME = "time budget"
    NOT_YET = "not yet"


def ended(history: list[Note], recipe: Recipe, *, out_of_time: bool) -> End:
    """Whether the run is over, and why."""
    if len(history) >= recipe.epochs and history[-1]["whole"]:
        return End.ALL_EPOCHS
    if recipe.patience and _epochs_without_progress(history, recipe.min_delta) >= recipe.patience:
        return End.EARLY
    return End.OUT_OF_TIME if out_of_time or (history and not history[-1]["whole"]) else End.NOT_YET


def counts(history: list[Note], recipe: Recipe) -> bool:
    """Whether the newest epoch's weights are the ones to keep."""
    return best(history, recipe) is history[-1]


def best(history: list[Note], recipe: Recipe) -> Note:
    """The epoch whose weights are kept; of equals the earlier."""
    if recipe.keep == "last":
        return history[-1]
    if recipe.keep == "best_loss":
        return min(history, key=lambda note: note["loss"])
    return max(history, key=lambda note: note["accuracy"])


def summarised(recipe: Recipe, material: Material, history: list[Note], end: End, network: nn.Module) -> Metrics:
    """Everything that metrics.json says."""
    return {
        "network": recipe.network,
        "parameters": sum(weights.numel() for weights in network.parameters()),
        "ended_by": end.value,
        "ran_to_its_end": end in {End.ALL_EPOCHS, End.EARLY},
        "epochs": sum(note["whole"] for note in history),
        "views": sum(note["views"] for note in history),
        "training_seconds": round(sum(note["seconds"] for note in history), 1),
        "kept": best(history, recipe) if history else None,
        "pictures": {"learnt": len(material.learnt.places), "judged": len(material.judged.places)},
        "unreadable": list(material.unreadable),
        "leaking": list(material.leaking),
        "recipe": asdict(recipe),
        "history": history,
    }


def _epochs_without_progress(history: list[Note], min_delta: float) -> int:
    """How many epochs ago validation accuracy last rose by more than `min_delta`."""
    highest, last = float("-inf"), 0
    for number, note in enumerate(history):
        if note["accuracy"] > highest + min_delta:
            highest, last = note["accuracy"], number
    return len(history) - 1 - last if history else 0
