"""The pictures of a run: what is learnt from, what is judged on, what could not be read."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from models.training.errors import TrainingError
from models.training.leaks import Leak, judges, leaks
from models.training.pictures import Invented, Pictures, Watch, gather
from models.training.recipe import Recipe
from models.training.splits import Example, Split, examples

_DRAWINGS_TO_JUDGE, _RENDERS_TO_JUDGE = 10, 24
_FIFTH = 0.2

Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Some of the pictures of one memory map."""

    pictures: Pictures
    places: Places

    @property
    def shows_face(self) -> NDArray[np.bool_]:
        """(N,) whether each shows a face."""
        return np.array([self.pictures.entries[place].shows_face for place in self.places])

    @property
    def sources(self) -> list[str]:
        """Where each came from."""
        return [self.pictures.entries[place].source for place in self.places]


@dataclass(frozen=True, slots=True)
class Material:
    """What one run sees; `leaking` says of each picture that was left out which held-out one it would give away."""

    learnt: Chosen
    judged: Chosen
    unreadable: tuple[str, ...]
    leaking: tuple[str, ...]


def prepared(data: Sequence[Path], recipe: Recipe, cache: Path) -> Material:
    """Decode every picture of all folders once into `cache`, where later runs on the same pictures find them.

    Raises `TrainingError` for a folder that cannot be trained on.
    """
    invented = Invented(recipe.drawings, recipe.renders, recipe.seed)
    training, leaking = _gathered(data, Split.TRAIN, recipe, invented, cache)
    if recipe.validation == "a_fifth":
        learnt, judged = _four_fifths(training, recipe.seed)
    else:
        others = Invented(recipe.drawings // _DRAWINGS_TO_JUDGE, recipe.renders // _RENDERS_TO_JUDGE, recipe.seed + 1)
        learnt = training
        judged, more = _gathered(data, Split.CALIBRATION, recipe, others, cache)
        leaking += more
    judged = _at_most(recipe.validation_pictures, judged, recipe.seed)
    _require_both_classes(learnt, "to learn from")
    _require_both_classes(judged, "to judge on")
    unreadable = dict.fromkeys((*learnt.pictures.unreadable, *judged.pictures.unreadable))
    return Material(learnt, judged, tuple(unreadable), tuple(map(str, leaking)))


def _gathered(
    data: Sequence[Path], split: Split, recipe: Recipe, invented: Invented, cache: Path
) -> tuple[Chosen, list[Leak]]:
    generated = recipe.generated_are_faces and split is Split.TRAIN
    chosen = _examples(data, split, generated=generated)
    _require_both_labels(chosen, split)
    name = cache / f"{split}-{_fingerprint(chosen, invented)}.bin"
    pictures = gather(name, chosen, invented, _watch(f"Reading {split} pictures"))
    if not len(pictures):
        raise TrainingError(f"None of the {len(chosen)} {split} pictures can be read.")
    leaking = leaks(chosen, [example for folder in data for example in judges(folder, split)])
    return Chosen(pictures, _places_without(leaking, chosen, pictures)), leaking


def _places_without(leaking: list[Leak], chosen: list[Example], pictures: Pictures) -> Places:
    """The places of everything but the leaking pictures; what was invented follows what could be read of `chosen`."""
    unreadable, out = set(pictures.unreadable), {leak.example.path for leak in leaking}
    readable = [example.path for example in chosen if str(example.path) not in unreadable]
    gathered = [place for place, path in enumerate(readable) if path not in out]
    return np.array([*gathered, *range(len(readable), len(pictures))], dtype=np.intp)


def _examples(data: Sequence[Path], split: Split, *, generated: bool) -> list[Example]:
    return [example for folder in data for example in _examples_in(folder, split, generated=generated)]


def _examples_in(folder: Path, split: Split, *, generated: bool) -> list[Example]:
    try:
        return examples(folder, split, generated=generated)
    except FileNotFoundError:
        raise TrainingError(f"There is no manifest.csv in {folder}; docs/data.md says what belongs in it.") from None
    except KeyError as error:
        raise TrainingError(f"The manifest.csv in {folder} has no column {error}.") from error
    except (OSError, ValueError) as error:
        raise TrainingError(f"The manifest.csv in {folder} cannot be read: {error}.") from error


def _require_both_labels(chosen: list[Example], split: Split) -> None:
    if not chosen:
        raise TrainingError(f"No manifest.csv names a picture of a {split} source.")
    if len({example.is_real for example in chosen}) == 1:
        kind = "real faces" if chosen[0].is_real else "pictures without a real face"
        raise TrainingError(f"The {split} sources hold {kind} only; a classifier needs both classes.")


def _require_both_classes(chosen: Chosen, use: str) -> None:
    if len(set(chosen.shows_face.tolist())) != 2:  # noqa: PLR2004 - real, and everything else
        raise TrainingError(f"Of the pictures {use}, those that can be read are of one class only.")


def _fingerprint(chosen: list[Example], invented: Invented) -> str:
    """Names the cached pictures after what they are made of."""
    parts = [*(f"{e.path.resolve()} {e.label} {e.sha256}" for e in chosen), json.dumps(asdict(invented))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _four_fifths(chosen: Chosen, seed: int) -> tuple[Chosen, Chosen]:
    """80 % and 20 % of each class by picture, as the sources do it: the same source on both sides."""
    shows_face = chosen.shows_face
    rng = np.random.default_rng(seed)
    judged: list[int] = []
    for kind in (True, False):
        places = rng.permutation(chosen.places[shows_face == kind])
        judged += places[: max(1, round(len(places) * _FIFTH))].tolist()
    fifth = np.array(sorted(judged))
    return Chosen(chosen.pictures, np.setdiff1d(chosen.places, fifth)), Chosen(chosen.pictures, fifth)


def _at_most(wanted: int, chosen: Chosen, seed: int) -> Chosen:
    if not wanted or wanted >= len(chosen.places):
        return chosen
    some = np.random.default_rng(seed).permutation(chosen.places)[:wanted]
    return Chosen(chosen.pictures, np.sort(some))


def _watch(what: str) -> Watch:
    def shown(numbers: Iterable[int], total: int) -> Iterable[int]:
        return track(numbers, what, total=total, console=Console(stderr=True))

    return shown
