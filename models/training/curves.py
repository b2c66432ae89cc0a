"""A run's curves as a picture."""

from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

Note = dict[str, Any]
"""What is kept of one epoch: its number, learning rate, training loss, and the verdict on the validation pictures."""


def draw_curves(history: list[Note], title: str, path: Path) -> None:
    """Loss, errors and learning rate over the epochs as PNG."""
    figure = Figure(figsize=(12, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(title)
    loss, errors, rate = figure.subplots(1, 3)
    _lines(loss, history, {"training_loss": "training", "loss": "validation"}, "loss")
    _lines(errors, history, {"apcer": "APCER", "bpcer": "BPCER"}, "error at logit 0")
    _lines(rate, history, {"learning_rate": "learning rate"}, "learning rate")
    rate.set_yscale("log")
    figure.savefig(path, format="png", dpi=110)


def _lines(axes: Axes, history: list[Note], named: dict[str, str], what: str) -> None:
    epochs = [note["epoch"] for note in history]
    for key, label in named.items():
        axes.plot(epochs, [note[key] for note in history], label=label, marker=".")
    axes.set_xlabel("epoch")
    axes.set_ylabel(what)
    axes.grid(alpha=0.3)
    axes.legend()
