"""The batches of one epoch: which pictures are seen, how often, and in which random view."""

import math
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from torch import Tensor

from models.pixels import Pixels
from models.training.augmentation import view
from models.training.difficulty import Difficulty
from models.training.material import Chosen, Places
from models.training.pictures import DRAWN, RENDERED, serving_crop
from models.training.recipe import Recipe
from models.training.source_views import source_view
from models.training.splits import GENERATED

SHARES = {"real": 0.41, GENERATED: 0.1, "placeholder": 0.22, "other_no_face": 0.15, DRAWN: 0.05, RENDERED: 0.07}
"""How often each label is seen; sources share within it by the square root of their size.

A quarter of the real pictures' views show no face any more (augmentation.py), so both classes come about alike.
"""

_AHEAD = 4
_IS_A_PHOTO = 0.75


class Views:
    """The batches of random views of one epoch; the same epoch and seed give the same views.

    Of several processes each gets its part of every batch, so that a batch is what the recipe says however many work.
    """

    def __init__(
        self,
        learnt: Chosen,
        recipe: Recipe,
        epoch: int,
        *,
        rank: int = 0,
        processes: int = 1,
        difficulty: Difficulty | None = None,
        threads: int = 1,
    ) -> None:
        """Draw which pictures are seen; so many threads will prepare batches ahead."""
        self._pictures = learnt.pictures
        self._recipe = recipe
        self._seed = (recipe.seed, epoch)
        self._rank, self._processes = rank, processes
        self._threads = threads
        seen = _seen(learnt, recipe, difficulty, np.random.default_rng(self._seed))
        self.batches = np.array_split(seen, max(1, len(seen) // recipe.batch))
        self._others = [place for place in learnt.places if not self._pictures.entries[place].shows_face]
        self._photos = [p for p in self._others if self._pictures.entries[p].label == "other_no_face"] or self._others

    def __len__(self) -> int:
        """How many batches."""
        return len(self.batches)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Batches in order, the next few prepared in threads of their own while one is learnt from.

        (N, 3, size, size) uint8, and (N,) float32, one where a real face is shown.
        """
        first = min(_AHEAD * self._threads, len(self))
        with ThreadPoolExecutor(self._threads) as ahead:
            coming = deque(ahead.submit(self._prepared, number) for number in range(first))
            for number in range(len(self)):
                yield coming.popleft().result()
                if number + first < len(self):
                    coming.append(ahead.submit(self._prepared, number + first))

    def places(self, batch: int) -> Places:
        """The pictures of a batch that this process learns from."""
        return self.batches[batch][self._rank :: self._processes]

    def _prepared(self, batch: int) -> tuple[Tensor, Tensor]:
        numbers = range(self._rank, len(self.batches[batch]), self._processes)
        places = zip(numbers, self.places(batch), strict=True)
        views = [self._view(batch * self._recipe.batch + number, place) for number, place in places]
        pixels = np.stack([pixels for pixels, _ in views]).transpose(0, 3, 1, 2)
        return torch.from_numpy(pixels), torch.tensor([float(shows_face) for _, shows_face in views])

    def _view(self, number: int, place: int) -> tuple[Pixels, bool]:
        rng = np.random.default_rng((*self._seed, number))
        entry = self._pictures.entries[place]
        if self._recipe.views == "source":
            return source_view(serving_crop(self._pictures, place), rng, self._recipe.input_px), entry.shows_face
        other = self._pictures[int(rng.choice(self._photos if rng.random() < _IS_A_PHOTO else self._others))]
        return view(self._pictures[place], entry, other, rng, self._recipe.input_px)


def views_per_epoch(learnt: Chosen, recipe: Recipe) -> int:
    """How many views make an epoch."""
    return recipe.views_per_epoch or len(learnt.places)


def batches_per_epoch(learnt: Chosen, recipe: Recipe) -> int:
    """How many steps make an epoch."""
    return max(1, views_per_epoch(learnt, recipe) // recipe.batch)


def _seen(learnt: Chosen, recipe: Recipe, difficulty: Difficulty | None, rng: Generator) -> Places:
    wanted = views_per_epoch(learnt, recipe)
    if recipe.sampling == "sources":
        return rng.choice(learnt.places, wanted, p=_chances(learnt, difficulty))
    rounds = math.ceil(wanted / len(learnt.places))
    return np.concatenate([rng.permutation(learnt.places) for _ in range(rounds)])[:wanted]


def _chances(learnt: Chosen, difficulty: Difficulty | None) -> NDArray[np.float64]:
    entries = [learnt.pictures.entries[place] for place in learnt.places]
    sizes = Counter((entry.label, entry.source) for entry in entries)
    weights = np.array([1 / math.sqrt(sizes[entry.label, entry.source]) for entry in entries])
    labels = np.array([entry.label for entry in entries])
    for label in np.unique(labels):
        of_it = labels == label
        if difficulty:
            weights[of_it] *= difficulty.chances(learnt.places[of_it])
        weights[of_it] *= SHARES.get(str(label), min(SHARES.values())) / weights[of_it].sum()
    return weights / weights.sum()
