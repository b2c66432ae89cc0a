"""An occlusion map points at what the classifier looks at, whatever the classifier is."""

import numpy as np
import pytest

from models.explanation import GRID, occlusion

GREY = np.full((224, 224, 3), 90, np.uint8)


class LooksAt:
    """A scorer whose logit is the brightness of one cell of a grid, above a plain background."""

    name, sha256, thresholds = "looker@1", "ab" * 32, {}

    def __init__(self, row: int, column: int, sign: float = 1.0) -> None:
        self._cell = np.s_[:, 32 * row : 32 * row + 32, 32 * column : 32 * column + 32]
        self._sign = sign
        self.batches: list[int] = []

    def logits(self, crops):
        self.batches.append(len(crops))
        return self._sign * crops[self._cell].mean(axis=(1, 2, 3)) / 10

    def score(self, crops):
        return 1 / (1 + np.exp(-self.logits(crops)))


def bright_at(row, column):
    crop = GREY.copy()
    crop[32 * row : 32 * row + 32, 32 * column : 32 * column + 32] = 250
    return crop


@pytest.mark.parametrize("place", [(0, 0), (3, 3), (2, 5), (6, 6)])
def test_the_part_that_the_score_rests_on_stands_out(place):
    importances = occlusion(LooksAt(*place), bright_at(*place))
    assert importances.shape == (GRID, GRID)
    assert np.unravel_index(importances.argmax(), importances.shape) == place
    far = [(r, c) for r in range(GRID) for c in range(GRID) if max(abs(r - place[0]), abs(c - place[1])) > 1]
    assert np.abs([importances[cell] for cell in far]).max() == 0


def test_what_speaks_against_a_real_photo_is_below_zero():
    importances = occlusion(LooksAt(3, 3, sign=-1), bright_at(3, 3))
    assert importances.min() < -5
    assert np.unravel_index(importances.argmin(), importances.shape) == (3, 3)


def test_on_a_plain_crop_nothing_matters():
    assert np.abs(occlusion(LooksAt(3, 3), GREY)).max() == 0


def test_everything_is_scored_in_one_batch_and_the_crop_stays_as_it_was():
    scorer, crop = LooksAt(1, 1), bright_at(1, 1)
    assert occlusion(scorer, crop, rows=4, columns=5).shape == (4, 5)
    assert scorer.batches == [1 + 4 * 5]
    assert np.array_equal(crop, bright_at(1, 1))
