"""The training loop: one for every recipe, and it reads top to bottom."""

import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import torch

from models.training.curves import Note
from models.training.errors import TrainingError
from models.training.judging import Judged, Normal, judge
from models.training.learner import Learner, Loss, fresh_network, loss_of, set_phase
from models.training.material import prepared
from models.training.processes import Processes, joined
from models.training.progress import epoch_progress
from models.training.recipe import Recipe
from models.training.run import Metrics, Run
from models.training.summary import End, counts, ended, summarised
from models.training.views import Views, batches_per_epoch
from models.training.weights import start_from


@dataclass(frozen=True, slots=True)
class Asked:
    """Where a run takes its pictures from, where it goes, and how long it may take.

    `pictures` holds them decoded, for later runs as well; `minutes` counts from when they are; without `threads` the
    network takes all cores.
    """

    data: tuple[Path, ...]
    out: Path
    pictures: Path
    minutes: float | None = None
    threads: int | None = None


def train(recipe: Recipe, asked: Asked) -> Metrics | None:
    """Run a recipe, or what is left of it, and return what metrics.json says; raises `TrainingError`.

    Of several processes only the one that leads returns it. The folder then holds the weights that count,
    a checkpoint of the last whole epoch, the metrics and the curves.
    """
    cv2.setNumThreads(1)
    if asked.threads:
        torch.set_num_threads(asked.threads)
    with joined() as processes:
        processes.require_share(recipe.batch)
        run = Run(asked.out)
        processes.leader_first(lambda: run.begin(recipe))
        torch.manual_seed(recipe.seed)
        network = fresh_network(recipe, processes.device)
        if recipe.start_from:
            start_from(network, recipe.start_from, recipe.start_sha256)
        material = processes.leader_first(lambda: prepared(asked.data, recipe, asked.pictures))
        judged = Judged.of(material.judged, recipe.input_px)
        steps = recipe.epochs * batches_per_epoch(material.learnt, recipe)
        learner = Learner.begin(network, recipe, steps, len(material.learnt.pictures))
        loss = loss_of(recipe, float(material.learnt.shows_face.mean()))
        terms = _Terms(recipe, processes, loss, Normal(recipe, processes.device), _Clock(asked.minutes, processes))
        history = _resumed(run, learner)

        while (end := ended(history, recipe, out_of_time=terms.clock.is_over())) is End.NOT_YET:
            epoch = len(history)
            # Seeded anew each epoch: a run that was stopped and resumed ends where one in a single go would.
            torch.manual_seed(hash((recipe.seed, epoch, processes.rank)))
            set_phase(network, recipe, epoch)
            # All processes draw by what the leader found hard, so that each learns its part of the same batches.
            hard = processes.led(lambda: learner.difficulty)
            views = Views(
                material.learnt,
                recipe,
                epoch,
                rank=processes.rank,
                processes=processes.count,
                difficulty=hard,
                threads=processes.spare_threads,
            )
            began = time.monotonic()
            training_loss, taken = _learn(learner, views, epoch, terms)
            trained_s = time.monotonic() - began
            verdict = processes.led(lambda: asdict(judge(learner.judged, judged, terms.normal)))
            _require_finite(verdict["loss"], epoch, "validation loss")
            note: Note = {
                "epoch": epoch + 1,
                "views": sum(map(len, views.batches[:taken])),
                "whole": taken == len(views),
                "seconds": round(trained_s, 1),
                "learning_rate": learner.learning_rate,
                "training_loss": round(training_loss, 5),
                **verdict,
            }
            history.append(note)
            learner.end_epoch(verdict["loss"])
            if processes.leads:
                if counts(history, recipe):
                    run.keep_weights(learner.judged)
                if note["whole"]:
                    run.keep_state({"history": history, **learner.state()})

        metrics = summarised(recipe, material, history, end, network)
        if processes.leads:
            run.finish(history, metrics)
        return metrics if processes.leads else None


@dataclass(frozen=True, slots=True)
class _Terms:
    """What every epoch is learnt under."""

    recipe: Recipe
    processes: Processes
    loss: Loss
    normal: Normal
    clock: "_Clock"


def _learn(learner: Learner, views: Views, epoch: int, terms: _Terms) -> tuple[float, int]:
    """Go through an epoch's batches, or as many as there is time for: mean loss, and how many they were."""
    recipe, processes = terms.recipe, terms.processes
    half_precision = recipe.mixed_precision and processes.device.type == "cuda"
    network = processes.together(learner.network)
    network.train()
    total, steps = 0.0, 0
    with epoch_progress(f"Epoch {epoch + 1}/{recipe.epochs}", len(views), visible=processes.leads) as progress:
        for pixels, shows_face in views:
            with torch.autocast(processes.device.type, torch.bfloat16, enabled=half_precision):
                logits = network(terms.normal(pixels))
            losses = terms.loss(logits.float(), shows_face.to(processes.device))
            if learner.difficulty:
                learner.difficulty.note(views.places(steps), losses)
            loss = losses.mean()
            value = processes.mean(float(loss.detach()))
            _require_finite(value, epoch, "loss")
            learner.step(loss, recipe.clip_norm)
            total, steps = total + value, steps + 1
            progress.step(total / steps)
            if terms.clock.is_over():
                break
    return total / steps, steps


class _Clock:
    """The time that a run may take; all processes see the leader's."""

    def __init__(self, minutes: float | None, processes: Processes) -> None:
        self._processes = processes
        self._deadline = None if minutes is None else time.monotonic() + 60 * minutes

    def is_over(self) -> bool:
        """Whether the time is up; never without a limit."""
        deadline = self._deadline
        return deadline is not None and self._processes.led(lambda: time.monotonic() > deadline)


def _resumed(run: Run, learner: Learner) -> list[Note]:
    """Go on after the last whole epoch of an earlier start."""
    state = run.resume()
    if state is None:
        return []
    history: list[Note] = state.pop("history")
    try:
        learner.load(state)
    except (KeyError, RuntimeError, ValueError) as error:
        raise TrainingError(
            f"The checkpoint in {run.folder} is of another network; delete it to begin anew."
        ) from error
    return history


def _require_finite(value: float, epoch: int, what: str) -> None:
    if not math.isfinite(value):
        raise TrainingError(
            f"The {what} became {value} in epoch {epoch + 1}; a lower learning_rate or a clip_norm may help, "
            "and the last whole epoch is kept."
        )
